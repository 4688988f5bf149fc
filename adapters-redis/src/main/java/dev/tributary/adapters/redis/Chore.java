package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done beside reading, again and again, on a thread of its own. Never ends for an error. */
final class Chore {

  private static final Logger log = LoggerFactory.getLogger(Chore.class);
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(1);

  private final Runnable round;
  private final Duration interval;
  private final Consumer<Throwable> unforeseen;
  private final Semaphore hurried = new Semaphore(0);
  private final Thread thread;

  /**
   * @param what it is, in a word
   * @param of whom
   * @param interval from the end of a round to the next
   * @param unforeseen is told of what goes wrong, but for the store's absence
   */
  Chore(String what, String of, Runnable round, Duration interval, Consumer<Throwable> unforeseen) {
    this.round = round;
    this.interval = interval;
    this.unforeseen = unforeseen;
    this.thread = Thread.ofVirtual().name("tributary " + what + " of " + of).unstarted(this::runOn);
  }

  void start() {
    thread.start();
  }

  /** The next round comes at once. */
  void hurry() {
    hurried.release();
  }

  /** No more rounds. The one that is under way is interrupted and waited for, 1 s at most: what ignores that ends by itself. After {@link #start}. */
  void stop() {
    thread.interrupt();
    try {
      var _ = thread.join(ENDS_WITHIN);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void runOn() {
    try {
      while (true) {
        outlive(round);
        var _ = hurried.tryAcquire(interval.toNanos(), TimeUnit.NANOSECONDS);
        hurried.drainPermits();
      }
    } catch (InterruptedException _) {
      // Stopped.
    }
  }

  /** A part of a round that keeps nobody from the rest of it. */
  void outlive(Runnable part) {
    Endurance.outlive(part, this::tell);
  }

  private void tell(Throwable failure) {
    if (failure instanceof StoreUnavailableException) {
      log.debug("{}: {}", thread.getName(), failure.getMessage());
    } else {
      unforeseen.accept(failure);
    }
  }
}
