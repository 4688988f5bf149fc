package dev.tributary.adapters.memory;

import dev.tributary.application.AuditLog;
import dev.tributary.application.Operations;
import dev.tributary.application.PendingDelivery;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import java.util.List;

/** What operators see, and what they did. A consumer of memory that is alive is never idle. */
record MemoryOperations(MemoryStore store) implements Operations, AuditLog {

  private static final int MOST = 200;

  @Override
  public List<StreamStatus> streams() {
    return store.streams();
  }

  @Override
  public List<PendingDelivery> pending(Topic<?> topic, int partition, Group group, EntryId after, int limit) {
    requireLimit(limit);
    return store.pending(topic, partition, group, after, limit);
  }

  /** A group of memory begins at the first entry, always. */
  @Override
  public long skipped(SubscriptionSpec<?> spec, int partition, int limit) {
    requireLimit(limit);
    return 0;
  }

  @Override
  public void record(String who, String action, String target, String result) {
    store.record(who, action, target, result);
  }

  @Override
  public List<Deed> read(EntryId after, int limit) {
    requireLimit(limit);
    return store.deeds(after, limit);
  }

  private static void requireLimit(int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("must be a whole number from 1 to " + MOST);
    }
  }
}
