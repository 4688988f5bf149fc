package dev.tributary.adapters.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rung by the server: it tells, on a connection of its own, of every stream that changed and bears a prefix, whoever wrote it. Unlike a blocking
 * read, it serves any number of streams and reads none of them.
 */
final class TrackingBell implements Bell {

  private final Connections connections;
  private final String prefix;
  private final Set<String> streams;
  private final Rings rings;
  private @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile boolean deaf = true;

  /** @param prefix of all the streams */
  TrackingBell(Connections connections, String prefix, Set<String> streams) {
    this.connections = connections;
    this.prefix = prefix;
    this.streams = streams;
    this.rings = new Rings(streams);
  }

  @Override
  public Set<String> await(Duration atMost) throws InterruptedException {
    if (deaf) {
      listen();
      // Whatever rang before, the loss of the connection too: all are told of now.
      var _ = rings.await(Duration.ZERO);
      return streams;
    }
    return rings.await(atMost);
  }

  @Override
  public boolean lostTouch() {
    return rings.lostTouch();
  }

  @Override
  public void ring() {
    rings.ring();
  }

  /** What the server noted of a connection is gone with it. */
  private void listen() {
    StatefulRedisConnection<String, byte[]> open = connection;
    if (open == null) {
      open = connections.blocking(Duration.ZERO);
      open.addListener(rings::heard);
      open.addListener(new RedisConnectionStateListener() {
        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
          deaf = true;
          rings.loseTouch();
          ring();
        }
      });
      connection = open;
    }
    deaf = false;
    try {
      connections.counted(Rings.askFor(prefix, open.async()));
    } catch (RuntimeException e) {
      deaf = true;
      throw e;
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
