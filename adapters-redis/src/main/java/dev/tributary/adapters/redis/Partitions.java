package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Topic;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** The partitions of every topic, each with its own group commit. */
final class Partitions {

  private final Connections connections;
  private final Partitioning partitioning;
  private final Map<Topic<?>, List<Partition>> byTopic = new ConcurrentHashMap<>();

  Partitions(Connections connections, Partitioning partitioning) {
    this.connections = connections;
    this.partitioning = partitioning;
  }

  Partitioning partitioning() {
    return partitioning;
  }

  /** All of them, in the order of their numbers. */
  List<Partition> of(Topic<?> topic) {
    return byTopic.computeIfAbsent(topic,
        _ -> IntStream.range(0, partitioning.count()).mapToObj(number -> partition(topic, number)).toList());
  }

  /** @throws IndexOutOfBoundsException if there is none of that number */
  Partition of(Topic<?> topic, int number) {
    return of(topic).get(number);
  }

  /** Where the events of a key are. */
  Partition of(Topic<?> topic, String key) {
    return of(topic, partitioning.of(key));
  }

  /** Where a state is. */
  Partition of(StateKey<?> key) {
    return of(key.aggregate().topic(), key.id());
  }

  private Partition partition(Topic<?> topic, int number) {
    Keys keys = Keys.of(topic, number, partitioning);
    return new Partition(number, keys,
        new GroupCommit<>(connections, keys.stream(), commits -> Commit.call(keys, commits)));
  }
}
