package dev.tributary.adapters.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rung by every master of a cluster, each over one connection, however many streams it has. Masters that appear or come back are asked again
 * whenever somebody waits; until they are, nothing rings for them, so that whoever waits has to look by himself as well.
 */
final class ClusterBell implements Bell {

  private static final Duration ASKED_EVERY = Duration.ofMillis(500);

  private final Connections connections;
  private final Cluster cluster;
  private final String prefix;
  private final Set<String> streams;
  private final Rings rings;
  private final Set<StatefulRedisConnection<String, byte[]>> known = ConcurrentHashMap.newKeySet();
  /** Those that ring. */
  private final Set<StatefulRedisConnection<String, byte[]>> told = ConcurrentHashMap.newKeySet();
  private @Nullable StatefulRedisClusterConnection<String, byte[]> connection;
  private long asked;

  ClusterBell(Connections connections, Cluster cluster, String prefix, Set<String> streams) {
    this.connections = connections;
    this.cluster = cluster;
    this.prefix = prefix;
    this.streams = streams;
    this.rings = new Rings(streams);
  }

  @Override
  public Set<String> await(Duration atMost) throws InterruptedException {
    StatefulRedisClusterConnection<String, byte[]> open = connection;
    if (open == null) {
      open = connections.counted(cluster.connectAll());
      open.addListener((RedisClusterNode _, PushMessage message) -> rings.heard(message));
      connection = open;
      ask(open);
      return streams;
    }
    if (System.nanoTime() - asked > ASKED_EVERY.toNanos()) {
      ask(open);
    }
    return rings.await(atMost);
  }

  private void ask(StatefulRedisClusterConnection<String, byte[]> open) {
    asked = System.nanoTime();
    for (RedisClusterNode master : Cluster.masters(open)) {
      var _ = Cluster.node(open, master).thenAccept(this::ask);
    }
  }

  private void ask(StatefulRedisConnection<String, byte[]> node) {
    if (known.add(node)) {
      node.addListener(new RedisConnectionStateListener() {
        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
          told.remove(node);
          rings.loseTouch();
        }
      });
    }
    if (!node.isOpen()) {
      told.remove(node);
    } else if (told.add(node)) {
      var _ = Rings.askFor(prefix, node.async())
          .whenComplete((_, failure) -> {
            if (failure == null) {
              rings.ringForAll();
            } else {
              told.remove(node);
            }
          });
    }
  }

  @Override
  public boolean lostTouch() {
    return rings.lostTouch();
  }

  @Override
  public void ring() {
    rings.ring();
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
