package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventPublisher;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.Work;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Each event is a work of its own, marked by its id: a second call finds the mark. */
final class RedisPublisher implements EventPublisher {

  private final Connections connections;
  private final Partitions partitions;

  RedisPublisher(Connections connections, Partitions partitions) {
    this.connections = connections;
    this.partitions = partitions;
  }

  @Override
  public <E extends DomainEvent> void publish(Topic<E> topic, List<Recorded<E>> events) {
    if (events.isEmpty()) {
      throw new IllegalArgumentException("no event to publish");
    }
    List<CompletableFuture<Verdict>> verdicts = events.stream().map(event -> submit(topic, event)).toList();
    verdicts.stream().map(connections::await).toList().forEach(RedisPublisher::stored);
  }

  /** @throws IllegalArgumentException if it cannot be encoded: then none is stored that has not been submitted before */
  private CompletableFuture<Verdict> submit(Topic<?> topic, Recorded<?> event) {
    Partition partition = partitions.of(topic, event.event().key());
    return partition.takeIn().submit(commit(partition.keys(), event));
  }

  /** @throws StoreUnavailableException unless it is stored, now or before */
  static Verdict stored(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Committed _,Verdict.Duplicate _ -> verdict;
      case Verdict.Broken(String reason) -> throw new StoreUnavailableException("Redis: " + reason);
      case Verdict.Fenced _,Verdict.Conflict _ ->
        throw new IllegalStateException("a publication changes no state: " + verdict);
    };
  }

  static Commit commit(Keys keys, Recorded<?> event) {
    var mark = new Commit.Mark(keys.published(), event.id().value());
    return Commit.of(keys, Optional.of(mark), Optional.empty(), new Work(List.of(), List.of(event)));
  }
}
