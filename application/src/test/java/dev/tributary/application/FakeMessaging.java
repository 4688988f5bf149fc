package dev.tributary.application;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Has the streams that it is given, and nothing in them. */
record FakeMessaging(List<StreamStatus> streams) implements Operations, EventLog, DeadLetters {

  @Override
  public List<PendingDelivery> pending(Topic<?> topic, int partition, Group group, EntryId after, int limit) {
    return List.of();
  }

  @Override
  public long skipped(SubscriptionSpec<?> spec, int partition, int limit) {
    return 0;
  }

  @Override
  public List<LogEntry> read(Topic<?> topic, int partition, EntryId after, int limit) {
    return List.of();
  }

  @Override
  public Tail tail(Topic<?> topic, Map<Integer, EntryId> after) {
    throw new UnsupportedOperationException("nothing is followed here");
  }

  @Override
  public List<DeadLetter> list(Topic<?> topic, int partition, Group group, EntryId after, int limit) {
    return List.of();
  }

  @Override
  public Redriven redrive(Topic<?> topic, int partition, Group group, Selection which, Pace pace) {
    throw new UnsupportedOperationException("nothing is changed here");
  }

  @Override
  public long count(Topic<?> topic, int partition, Group group, Selection which) {
    return 0;
  }

  @Override
  public long discard(Topic<?> topic, int partition, Group group, Set<EntryId> ids) {
    throw new UnsupportedOperationException("nothing is changed here");
  }
}
