package dev.tributary.adapters.memory;

import dev.tributary.application.AuditLog;
import dev.tributary.application.Operations;
import dev.tributary.application.Page;
import dev.tributary.application.PendingDelivery;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import java.util.List;

/** What operators see, and what they did. A consumer of memory that is alive is never idle. */
record MemoryOperations(MemoryStore store) implements Operations, AuditLog {

  @Override
  public List<StreamStatus> streams() {
    return store.streams();
  }

  @Override
  public List<PendingDelivery> pending(Topic<?> topic, int partition, Group group, EntryId after, int limit) {
    Page.requireLimit(limit);
    return store.pending(topic, partition, group, after, limit);
  }

  /** A group of memory begins at the first entry, always. */
  @Override
  public long skipped(SubscriptionSpec<?> spec, int partition, int limit) {
    Page.requireLimit(limit);
    return 0;
  }

  @Override
  public void record(String who, String action, String target, String result) {
    store.record(who, action, target, result);
  }

  @Override
  public List<Deed> read(EntryId after, int limit) {
    Page.requireLimit(limit);
    return store.deeds(after, limit);
  }
}
