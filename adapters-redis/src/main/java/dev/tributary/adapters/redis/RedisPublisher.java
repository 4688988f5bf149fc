package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventPublisher;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    var works = new LinkedHashMap<Partition, List<Commit>>();
    for (Recorded<E> event : events) {
      Partition partition = partitions.of(topic, event.event().key());
      works.computeIfAbsent(partition, _ -> new ArrayList<>()).add(Commit.publication(event));
    }
    int most = works.values().stream().mapToInt(List::size).max().orElseThrow();
    for (int from = 0; from < most; from += GroupCommit.MOST) {
      publish(works, from);
    }
  }

  /** Of each partition the next that may go together, which keeps their order. */
  private void publish(Map<Partition, List<Commit>> works, int from) {
    var verdicts = new ArrayList<CompletableFuture<Verdict>>();
    works.forEach((partition, commits) -> {
      if (from < commits.size()) {
        int to = Math.min(from + GroupCommit.MOST, commits.size());
        verdicts.addAll(partition.takeIn().submitAll(commits.subList(from, to)));
      }
    });
    verdicts.stream().map(connections::await).toList().forEach(RedisPublisher::stored);
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
}
