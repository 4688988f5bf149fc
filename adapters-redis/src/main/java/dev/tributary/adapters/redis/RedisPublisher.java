package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventPublisher;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.Work;
import java.util.List;
import java.util.Optional;

/** Each event is a work of its own, marked by its id: a second call finds the mark. */
final class RedisPublisher implements EventPublisher {

  private final Partitions partitions;

  RedisPublisher(Partitions partitions) {
    this.partitions = partitions;
  }

  @Override
  public <E extends DomainEvent> void publish(Topic<E> topic, List<Recorded<E>> events) {
    if (events.isEmpty()) {
      throw new IllegalArgumentException("no event to publish");
    }
    Partition partition = partitions.of(topic);
    List<Commit> commits = events.stream().map(event -> commit(partition.keys(), event)).toList();
    partition.takeIn().commitAll(commits).forEach(RedisPublisher::requireStored);
  }

  private static void requireStored(Verdict verdict) {
    switch (verdict) {
      case Verdict.Committed _,Verdict.Duplicate _ -> {
      }
      case Verdict.Broken(String reason) -> throw new StoreUnavailableException("Redis: " + reason);
      case Verdict.Fenced _,Verdict.Conflict _ ->
        throw new IllegalStateException("a publication changes no state: " + verdict);
    }
  }

  private static Commit commit(Keys keys, Recorded<?> event) {
    var mark = new Commit.Mark(keys.published(), event.id().value());
    return Commit.of(keys, Optional.of(mark), Optional.empty(), new Work(List.of(), List.of(event)));
  }
}
