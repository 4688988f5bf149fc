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

/**
 * While there is a backlog, a read of new entries goes right behind each call that settles, for as many as are settled there: one round trip does for
 * both, and no thread is woken to read. What does not end after all keeps its hand, and what came in its stead waits until something else has
 * ended: no more are worked on than may be in hand. For any threads.
 */
final class Succession implements GroupCommit.Follower {

  private final String stream;
  private final Consumer<String> consumer;
  private final Workers workers;
  private final Arrivals arrivals;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allCame = lock.newCondition();
  /** What came before there was a hand for it. */
  private final Queue<Running> waiting = new ArrayDeque<>();
  /** Hands of what has ended, kept for what comes. */
  private int kept;
  /** Hands that are still to be had from what ends next. */
  private int owed;
  /** How many reads are. */
  private int underWay;
  private boolean open;
  private long openUntil;
  private boolean failed;
  private boolean closed;

  /** Who works on what comes. */
  interface Arrivals {

    /** Puts it in hand. Empty if it is in hand already. */
    Optional<Running> arrive(Delivered delivered);

    /** Has a worker begin. */
    void begin(Running running);
  }

  Succession(String stream, Consumer<String> consumer, Workers workers, Arrivals arrivals) {
    this.stream = stream;
    this.consumer = consumer;
    this.workers = workers;
    this.arrivals = arrivals;
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

  /** @return whether a reply was lost since the last time, and with it what the server may have handed out */
  boolean hasFailed() {
    lock.lock();
    try {
      boolean before = failed;
      failed = false;
      return before;
    } finally {
      lock.unlock();
    }
  }

  /** Until all that was read while it was open is in hand, or is known to have failed: for as long as a reply may take. Not while it is open. */
  void awaitReads() {
    locked(() -> {
      while (underWay > 0) {
        allCame.awaitUninterruptibly();
      }
    });
  }

  @Override
  public void follow(RedisClusterAsyncCommands<String, byte[]> redis, int settlements) {
    if (expect(settlements)) {
      var _ = read(redis, settlements).whenComplete((messages, _) -> {
        try {
          arrived(settlements, messages);
        } finally {
          came();
        }
      });
    }
  }

  private boolean expect(int count) {
    lock.lock();
    try {
      boolean follows = open && openUntil - System.nanoTime() > 0;
      if (follows) {
        owed += count;
        underWay++;
      }
      return follows;
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("unchecked")
  private CompletionStage<List<StreamMessage<String, byte[]>>> read(RedisClusterAsyncCommands<String, byte[]> redis,
      int count) {
    try {
      return redis.xreadgroup(consumer, XReadArgs.Builder.count(count), XReadArgs.StreamOffset.lastConsumed(stream));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** @param messages null if the reply was lost */
  private void arrived(int expected, @Nullable List<StreamMessage<String, byte[]>> messages) {
    var come = new ArrayList<Running>();
    boolean all = messages != null && arrive(messages, come);
    var ready = new ArrayList<Running>();
    locked(() -> {
      failed |= !all;
      open &= all && come.size() == expected;
      if (!closed) {
        forgo(expected - come.size());
        waiting.addAll(come);
        for (; kept > 0 && !waiting.isEmpty(); kept--) {
          ready.add(waiting.remove());
        }
      }
    });
    ready.forEach(this::begin);
  }

  /** @return whether nothing went wrong; else the rest is as if it had been lost on its way */
  private boolean arrive(List<StreamMessage<String, byte[]>> messages, List<Running> come) {
    try {
      messages
          .forEach(message -> arrivals.arrive(GroupReader.delivered(message).delivered()).ifPresent(come::add));
      return true;
    } catch (RuntimeException | Error _) {
      return false;
    }
  }

  private void came() {
    locked(() -> {
      underWay--;
      allCame.signalAll();
    });
  }

  /** They will not be needed. */
  private void forgo(int hands) {
    int free = Math.min(kept, hands);
    kept -= free;
    owed -= hands - free;
    workers.giveBack(free);
  }

  /** A hand is free. */
  void ended() {
    nextInLine().ifPresent(this::begin);
  }

  private Optional<Running> nextInLine() {
    lock.lock();
    try {
      if (owed == 0) {
        workers.giveBack(1);
        return Optional.empty();
      }
      owed--;
      kept += waiting.isEmpty() ? 1 : 0;
      return Optional.ofNullable(waiting.poll());
    } finally {
      lock.unlock();
    }
  }

  private void begin(Running running) {
    try {
      arrivals.begin(running);
    } catch (RuntimeException | Error e) {
      // It is pending, and in nobody's hands: as if it had been lost on its way.
      locked(() -> {
        failed = true;
        open = false;
      });
      workers.giveBack(1);
    }
  }

  /** Nothing that comes from now on is begun; it stays in hand. Waits as {@link #awaitReads}. */
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
