package dev.tributary.adapters.redis;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of a consumer, one for each delivery in hand, and no more of them at a time than it may have. */
final class Workers {

  static final Duration INTERRUPTED_ENDS_WITHIN = Duration.ofSeconds(1);
  private static final Logger log = LoggerFactory.getLogger(Workers.class);

  private final String name;
  private final int most;
  private final Semaphore free;

  Workers(String name, int most) {
    this.name = name;
    this.most = most;
    this.free = new Semaphore(most);
  }

  /** All that are free, once there is one. @return how many; 0 if there was none in time */
  int take(Duration atMost) throws InterruptedException {
    return free.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS) ? 1 + free.drainPermits() : 0;
  }

  /** @return whether one was free, which is the caller's now */
  boolean takeOne() {
    return free.tryAcquire();
  }

  void giveBack(int unused) {
    free.release(unused);
  }

  /**
   * With a worker that the caller has taken, and that is free again when the work has ended; but not if another has taken it over.
   *
   * @param whenFree then called, by the worker
   */
  void start(InHand inHand, Running running, Runnable work, Runnable whenFree) {
    Runnable task = () -> {
      try {
        work.run();
      } finally {
        if (!running.isRelieved()) {
          free.release();
          whenFree.run();
        }
      }
    };
    try {
      running.start(Thread.ofVirtual().name("tributary " + name + " " + running.lease().entryId()).unstarted(task));
    } catch (RuntimeException | Error e) {
      inHand.remove(running);
      throw e;
    }
  }

  /** As the other one, and nothing follows. */
  void start(InHand inHand, Running running, Runnable work) {
    start(inHand, running, work, () -> {});
  }

  /**
   * Waits until nobody is at work any more.
   *
   * @param grace for what ends by itself
   * @param interrupt ends the rest; what ignores that is left alone
   */
  void awaitEnd(Duration grace, Runnable interrupt) throws InterruptedException {
    if (!awaitAll(grace)) {
      log.warn("{}: interrupting what still runs after {}", name, grace);
      interrupt.run();
      awaitAll(INTERRUPTED_ENDS_WITHIN);
    }
  }

  /** @return whether nobody is at work any more */
  private boolean awaitAll(Duration atMost) throws InterruptedException {
    if (!free.tryAcquire(most, atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    free.release(most);
    return true;
  }
}
