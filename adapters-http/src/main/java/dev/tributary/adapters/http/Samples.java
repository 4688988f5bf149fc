package dev.tributary.adapters.http;

import dev.tributary.application.Operations;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.StreamStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How all is doing, looked at every 2 s whoever watches, and kept for 15 min: one look serves everybody, and a page that is loaded again knows. */
final class Samples implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Samples.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration SPAN = Duration.ofMinutes(15);
  /** Of those that are kept: a plot shows no more. */
  private static final int KEEP_EACH = 3;

  private final Operations operations;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition taken = lock.newCondition();
  private final Deque<Sample> history = new ArrayDeque<>();
  private Optional<Sample> latest = Optional.empty();
  private final Thread thread = Thread.ofVirtual().name("tributary samples").unstarted(this::runOn);

  /**
   * @param number from 1
   * @param streams empty if the store was away
   */
  record Sample(long number, Instant at, Optional<List<StreamStatus>> streams) {}

  Samples(Operations operations, InstantSource clock) {
    this.operations = operations;
    this.clock = clock;
  }

  void start() {
    thread.start();
  }

  private void runOn() {
    try {
      for (long number = 1;; number++) {
        keep(take(number));
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private Sample take(long number) {
    return new Sample(number, clock.instant(), streams());
  }

  private Optional<List<StreamStatus>> streams() {
    try {
      return Optional.of(operations.streams());
    } catch (StoreUnavailableException e) {
      log.debug("no sample: {}", e.getMessage());
      return Optional.empty();
    } catch (RuntimeException e) {
      log.warn("the streams could not be looked at", e);
      return Optional.empty();
    }
  }

  private void keep(Sample sample) {
    lock.lock();
    try {
      latest = Optional.of(sample);
      if (sample.number() % KEEP_EACH == 1) {
        history.addLast(sample);
      }
      while (!history.isEmpty() && history.getFirst().at().isBefore(sample.at().minus(SPAN))) {
        history.removeFirst();
      }
      taken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Oldest first. */
  List<Sample> history() {
    lock.lock();
    try {
      return List.copyOf(history);
    } finally {
      lock.unlock();
    }
  }

  Optional<Sample> latest() {
    lock.lock();
    try {
      return latest;
    } finally {
      lock.unlock();
    }
  }

  /** @return the newest one, as soon as there is a newer one than that number; empty if there is none in time */
  Optional<Sample> awaitAfter(long number, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (left > 0 && latest.filter(sample -> sample.number() > number).isEmpty()) {
        left = taken.awaitNanos(left);
      }
      return latest.filter(sample -> sample.number() > number);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    thread.interrupt();
    try {
      var _ = thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
