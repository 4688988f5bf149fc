package dev.tributary.adapters.redis;

import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who works on a consumer's deliveries: as many virtual threads as are held up in handlers, and one that comes for the next. A thread that is not
 * held up goes on with the next by itself. Bounds too how many deliveries are worked on: each takes a hand.
 */
final class Workers {

  static final Duration INTERRUPTED_ENDS_WITHIN = Duration.ofSeconds(1);
  private static final Logger log = LoggerFactory.getLogger(Workers.class);
  /** Then another thread goes on, behind all that wait for a processor meanwhile. */
  private static final int STEPS_IN_A_ROW = 32;

  private final String name;
  private final int most;
  private final Semaphore free;
  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();
  /** Whether a thread was called that has not begun yet. */
  private final AtomicBoolean called = new AtomicBoolean();

  /** What was gathered by those that are at work, and is not sent yet. */
  private final Set<Gathering> gathered = ConcurrentHashMap.newKeySet();

  private record Step(Running running, Runnable work) {}

  /** What goes better together than one by one. */
  interface Gathering {

    /** Sends what there is. Does not wait, and may be called in vain. */
    void flush();
  }

  Workers(String name, int most) {
    this.name = name;
    this.most = most;
    this.free = new Semaphore(most);
  }

  /** How many hands there are. */
  int most() {
    return most;
  }

  /**
   * Takes all that are free, once there is one.
   *
   * @return how many; 0 if there was none in time
   */
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

  /** Has a worker do it, with one that the caller has taken and gives back at the delivery's end. Any thread may call it. */
  void start(Running running, Runnable work) {
    var step = new Step(running, work);
    steps.add(step);
    try {
      callForNext();
    } catch (RuntimeException | Error e) {
      if (steps.remove(step)) {
        throw e;
      }
    }
  }

  /** As {@link #start}, of a delivery that was just put in hand: where it cannot be begun, it is not. */
  void begin(InHand inHand, Running running, Runnable work) {
    try {
      start(running, work);
    } catch (RuntimeException | Error e) {
      inHand.remove(running);
      throw e;
    }
  }

  /** By a worker at his step: it is sent as soon as a worker has nothing else to do, be it that this one is held up. */
  void gathered(Gathering some) {
    gathered.add(some);
  }

  private void callForNext() {
    if (!(steps.isEmpty() && gathered.isEmpty()) && called.compareAndSet(false, true)) {
      try {
        Thread.ofVirtual().name("tributary " + name).start(this::work);
      } catch (RuntimeException | Error e) {
        called.set(false);
        throw e;
      }
    }
  }

  private void work() {
    called.set(false);
    for (int i = 0; i < STEPS_IN_A_ROW; i++) {
      Step step = steps.poll();
      if (step == null) {
        break;
      }
      // Should this one be held up.
      outlive(this::callForNext);
      outlive(() -> step.running().by(step.work()));
    }
    outlive(this::send);
    callForNext();
  }

  private void outlive(Runnable part) {
    Endurance.outlive(part, failure -> log.error("{}: a worker met an unexpected error, and continues", name, failure));
  }

  /** In this order: what is gathered meanwhile is sent now, or is there for the next. */
  private void send() {
    gathered.forEach(some -> {
      gathered.remove(some);
      some.flush();
    });
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
