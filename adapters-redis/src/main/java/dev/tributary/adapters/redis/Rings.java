package dev.tributary.adapters.redis;

import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** For which streams servers rang, until somebody heard. For one thread that waits; any may ring. */
final class Rings {

  private final Set<String> streams;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private final Set<String> changed = new HashSet<>();
  private boolean byHand;
  private final AtomicBoolean lostTouch = new AtomicBoolean();

  /** @param streams for others it does not ring */
  Rings(Set<String> streams) {
    this.streams = streams;
  }

  /**
   * Has a server ring from now on, over that connection, for every stream that bears a prefix, whoever changes it. Off first: where the reply to an
   * earlier call was lost, the server takes the same prefix for an overlapping one.
   */
  static CompletionStage<String> askFor(String prefix, RedisAsyncCommands<String, byte[]> redis) {
    var off = redis.clientTracking(TrackingArgs.Builder.enabled(false));
    var on = redis.clientTracking(TrackingArgs.Builder.enabled().bcast().prefixes(prefix));
    return off.thenCompose(_ -> on);
  }

  /** @return the streams that were rung for; empty if it was rung by hand, or not in time */
  @SuppressWarnings("WaitNotInLoop") // The caller looks again in any case.
  Set<String> await(Duration atMost) throws InterruptedException {
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

  /** A connection over which it was rung is gone. */
  void loseTouch() {
    lostTouch.set(true);
  }

  /** @return whether one is, since this was asked last */
  boolean lostTouch() {
    return lostTouch.getAndSet(false);
  }

  void ring() {
    ring(true, Set.of());
  }

  void ringForAll() {
    ring(false, streams);
  }

  void heard(PushMessage message) {
    if (message.getType().equals("invalidate")) {
      ring(false, message.getContent(StringCodec.UTF8::decodeKey).get(1) instanceof List<?> keys
          ? keys.stream().map(String::valueOf).filter(streams::contains).toList()
          // All keys at once, as after a FLUSHALL.
          : streams);
    }
  }

  private void ring(boolean hand, Collection<String> named) {
    lock.lock();
    try {
      byHand |= hand;
      changed.addAll(named);
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
