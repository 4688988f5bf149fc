package dev.tributary.adapters.redis;

import io.lettuce.core.Consumer;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While there is a backlog, a read of new entries goes right behind each call that settles, for as many as are settled there: one round trip does for
 * both, and no thread is woken to read. What does not end after all keeps its hand, and what came in its stead waits until another hand is free:
 * no more are worked on than may be. For any threads.
 */
final class Succession implements GroupCommit.Follower {

  private static final Logger log = LoggerFactory.getLogger(Succession.class);

  private final String stream;
  private final Consumer<String> consumer;
  private final Workers workers;
  private final Deliveries deliveries;
  private final ReentrantLock lock = new ReentrantLock();
  // Kept and owed together are what the reads under way may bring, and what waits. Where something waits, none is kept.
  /** Hands of what has ended, kept for what comes. */
  private int kept;
  /** Hands that are still to be had from what ends next. */
  private int owed;
  /** What came before there was a hand for it. */
  private final Queue<Running> waiting = new ArrayDeque<>();
  private int readsUnderWay;
  private final Condition readEnded = lock.newCondition();
  private boolean open;
  private long openUntil;
  private boolean failed;
  private boolean closed;

  /** What becomes of that which was read. */
  interface Deliveries {

    /** Puts it in hand: its lease is renewed from now on. Empty if it is in hand already. */
    Optional<Running> take(Delivered delivered);

    /** Has a worker begin. */
    void begin(Running running);
  }

  Succession(String stream, Consumer<String> consumer, Workers workers, Deliveries deliveries) {
    this.stream = stream;
    this.consumer = consumer;
    this.workers = workers;
    this.deliveries = deliveries;
  }

  /** A read brought all that it might: there is more, to be read behind settlements. For no longer than that, then the reader has its turn. */
  void open(Duration atMost) {
    locked(() -> {
      open = !closed && !failed;
      openUntil = System.nanoTime() + atMost.toNanos();
    });
  }

  void shut() {
    locked(() -> open = false);
  }

  /**
   * Whether something went wrong since the last time, and entries may have been handed out that are in nobody's hands. It does not open until
   * it was asked.
   */
  boolean takeFailure() {
    lock.lock();
    try {
      boolean before = failed;
      failed = false;
      return before;
    } finally {
      lock.unlock();
    }
  }

  /** Until what was read while it was open is in hand, or is known to have failed: for as long as a reply may take. Not while it is open. */
  void awaitReads() {
    locked(() -> {
      while (readsUnderWay > 0) {
        readEnded.awaitUninterruptibly();
      }
    });
  }

  @Override
  public void follow(RedisClusterAsyncCommands<String, byte[]> redis, int settlements) {
    int count = expect(settlements);
    if (count > 0) {
      var _ = read(redis, count).whenComplete((messages, failure) -> {
        try {
          receive(count, messages, failure);
        } finally {
          locked(() -> {
            readsUnderWay--;
            readEnded.signalAll();
          });
        }
      });
    }
  }

  /**
   * None while something waits: what settles then may have settled in vain before, and its successor is there.
   *
   * @return how many to read
   */
  private int expect(int settlements) {
    lock.lock();
    try {
      if (!open || openUntil - System.nanoTime() <= 0 || !waiting.isEmpty()) {
        return 0;
      }
      int count = Math.min(settlements, workers.most() - kept - owed);
      if (count > 0) {
        owed += count;
        readsUnderWay++;
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("unchecked")
  private CompletionStage<List<StreamMessage<String, byte[]>>> read(RedisClusterAsyncCommands<String, byte[]> redis,
      int count) {
    try {
      return redis.xreadgroup(consumer, XReadArgs.Builder.count(count), XReadArgs.StreamOffset.lastConsumed(stream));
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** @param messages null if there was no reply */
  private void receive(int expected, @Nullable List<StreamMessage<String, byte[]>> messages,
      @Nullable Throwable failure) {
    var taken = new ArrayList<Running>();
    boolean all = messages != null && take(messages, taken);
    if (messages == null) {
      log.debug("{}: nothing came behind settlements: {}", stream, String.valueOf(failure));
    }
    var ready = new ArrayList<Running>();
    locked(() -> {
      failed |= !all;
      open &= all && taken.size() == expected;
      if (!closed) {
        forgo(expected - taken.size());
        waiting.addAll(taken);
        for (; kept > 0 && !waiting.isEmpty(); kept--) {
          ready.add(waiting.remove());
        }
      }
    });
    ready.forEach(this::begin);
  }

  /** @return whether nothing went wrong; else the rest is as if it had been lost on its way */
  private boolean take(List<StreamMessage<String, byte[]>> messages, List<Running> taken) {
    try {
      messages.forEach(message -> deliveries.take(GroupReader.delivered(message).delivered()).ifPresent(taken::add));
      return true;
    } catch (RuntimeException | Error e) {
      wentWrong(e);
      return false;
    }
  }

  /** They will not be needed. */
  private void forgo(int hands) {
    int free = Math.min(kept, hands);
    kept -= free;
    owed -= hands - free;
    workers.giveBack(free);
  }

  /** For those that are owed, else for the reader. */
  void giveBack(int hands) {
    var ready = new ArrayList<Running>();
    locked(() -> {
      int promised = Math.min(owed, hands);
      owed -= promised;
      for (int i = 0; i < promised; i++) {
        Running next = waiting.poll();
        if (next == null) {
          kept++;
        } else {
          ready.add(next);
        }
      }
      workers.giveBack(hands - promised);
    });
    ready.forEach(this::begin);
  }

  private void begin(Running running) {
    try {
      deliveries.begin(running);
    } catch (RuntimeException | Error e) {
      // It is pending, and in nobody's hands: as if it had been lost on its way.
      wentWrong(e);
      locked(() -> {
        failed = true;
        open = false;
      });
      giveBack(1);
    }
  }

  private void wentWrong(Throwable failure) {
    Endurance.tellQuietly(failure, told -> log.error("{}: a delivery could not be begun", stream, told));
  }

  /** Nothing is read any more; what waits, and what comes, stays in hand and is not begun. Waits as {@link #awaitReads}. */
  void close() {
    locked(() -> {
      closed = true;
      open = false;
      workers.giveBack(kept);
      kept = 0;
      owed = 0;
      waiting.clear();
    });
    awaitReads();
  }

  private void locked(Runnable step) {
    lock.lock();
    try {
      step.run();
    } finally {
      lock.unlock();
    }
  }
}
