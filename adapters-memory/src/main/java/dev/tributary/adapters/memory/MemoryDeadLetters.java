package dev.tributary.adapters.memory;

import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters;
import dev.tributary.application.Page;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.util.List;
import java.util.Set;

/** What groups gave up. What is redriven becomes due one after the other: nobody waits here for the last. */
record MemoryDeadLetters(MemoryStore store) implements DeadLetters {

  @Override
  public List<DeadLetter> list(Topic<?> topic, int partition, Group group, EntryId after, int limit) {
    Page.requireLimit(limit);
    return store.deadLetters(topic, partition, group, after, limit);
  }

  @Override
  public Redriven redrive(Topic<?> topic, int partition, Group group, Selection which, Pace pace) {
    return store.redrive(topic, partition, group, which, pace);
  }

  @Override
  public long count(Topic<?> topic, int partition, Group group, Selection which) {
    return store.count(topic, partition, group, which);
  }

  @Override
  public long discard(Topic<?> topic, int partition, Group group, Set<EntryId> ids) {
    return store.discard(topic, partition, group, new Selection.Ids(ids));
  }
}
