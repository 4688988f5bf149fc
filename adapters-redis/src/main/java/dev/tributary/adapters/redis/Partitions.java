package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Topic;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One partition a topic; its key is the topic's name. */
final class Partitions {

  private final Connections connections;
  private final Map<Topic<?>, Partition> byTopic = new ConcurrentHashMap<>();

  Partitions(Connections connections) {
    this.connections = connections;
  }

  Partition of(Topic<?> topic) {
    return byTopic.computeIfAbsent(topic,
        _ -> new Partition(Keys.of(topic), new GroupCommit(connections, Script.TAKE_IN),
            new GroupCommit(connections, Script.SETTLE)));
  }
}
