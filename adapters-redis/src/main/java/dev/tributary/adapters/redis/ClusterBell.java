package dev.tributary.adapters.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private final Semaphore rung = new Semaphore(0);
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
  }

  @Override
  public Set<String> await(Duration atMost) throws InterruptedException {
    StatefulRedisClusterConnection<String, byte[]> open = connection;
    if (open == null) {
      open = connections.counted(cluster.connectAll());
      open.addListener((RedisClusterNode _, PushMessage message) -> heard(message));
      connection = open;
      ask(open);
      return streams;
    }
    if (System.nanoTime() - asked > ASKED_EVERY.toNanos()) {
      ask(open);
    }
    if (rung.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      rung.drainPermits();
    }
    Set<String> news = Set.copyOf(changed);
    changed.removeAll(news);
    return news;
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
        }
      });
    }
    if (!node.isOpen()) {
      told.remove(node);
    } else if (told.add(node)) {
      // Off first: where the reply to an earlier call was lost, the server takes the same prefix for an overlapping one.
      var _ = node.async().clientTracking(TrackingArgs.Builder.enabled(false));
      var _ = node.async()
          .clientTracking(TrackingArgs.Builder.enabled().bcast().prefixes(prefix))
          .whenComplete((_, failure) -> {
            if (failure == null) {
              rang(streams);
            } else {
              told.remove(node);
            }
          });
    }
  }

  private void heard(PushMessage message) {
    if (message.getType().equals("invalidate")) {
      rang(message.getContent(StringCodec.UTF8::decodeKey).get(1) instanceof List<?> keys
          ? keys.stream().map(String::valueOf).filter(streams::contains).toList()
          // All keys at once, as after a FLUSHALL.
          : streams);
    }
  }

  private void rang(Collection<String> named) {
    changed.addAll(named);
    rung.release();
  }

  @Override
  public void ring() {
    rung.release();
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
