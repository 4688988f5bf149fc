package dev.tributary.adapters.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rung by the server: it tells, on a connection of its own, of every stream that changed and bears a prefix, whoever wrote it. Other than a read
 * that blocks it serves any number of streams and reads none of them.
 */
final class TrackingBell implements Bell {

  private final Connections connections;
  private final String prefix;
  private final Set<String> streams;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private final Set<String> changed = new HashSet<>();
  private boolean byHand;
  private @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile boolean deaf = true;

  /** @param prefix of all the streams */
  TrackingBell(Connections connections, String prefix, Set<String> streams) {
    this.connections = connections;
    this.prefix = prefix;
    this.streams = streams;
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // The caller looks again in any case.
  public Set<String> await(Duration atMost) throws InterruptedException {
    if (deaf) {
      listen();
      return streams;
    }
    lock.lockInterruptibly();
    try {
      if (changed.isEmpty() && !byHand) {
        var _ = rung.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
      }
      byHand = false;
      var news = Set.copyOf(changed);
      changed.clear();
      return news;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void ring() {
    lock.lock();
    try {
      byHand = true;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What the server noted of a connection is gone with it. */
  private void listen() {
    StatefulRedisConnection<String, byte[]> open = connection;
    if (open == null) {
      open = connections.blocking(Duration.ZERO);
      open.addListener(this::heard);
      open.addListener(new RedisConnectionStateListener() {
        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
          deaf = true;
          ring();
        }
      });
      connection = open;
    }
    deaf = false;
    try {
      // Off first: where the reply to an earlier call was lost, the server takes the same prefix for an overlapping one.
      connections.counted(open.async().clientTracking(TrackingArgs.Builder.enabled(false)));
      connections.counted(open.async().clientTracking(TrackingArgs.Builder.enabled().bcast().prefixes(prefix)));
    } catch (RuntimeException e) {
      deaf = true;
      throw e;
    }
  }

  private void heard(PushMessage message) {
    if (message.getType().equals("invalidate")) {
      Set<String> named = message.getContent(StringCodec.UTF8::decodeKey).get(1) instanceof List<?> keys
          ? keys.stream().map(String::valueOf).filter(streams::contains).collect(Collectors.toSet())
          // All keys at once, as after a FLUSHALL.
          : streams;
      lock.lock();
      try {
        changed.addAll(named);
        rung.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
