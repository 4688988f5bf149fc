package dev.tributary.adapters.memory;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Failure;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Subscription;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of a group. Stricter than a real one: what it takes at once it starts in random order, so that nobody comes to rely on an order
 * that competing consumers do not have. Its reader also watches the time of its handlers and lets go what has aged.
 */
final class MemoryConsumer<E extends DomainEvent> implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(MemoryConsumer.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
  private static final Duration LONGEST_TRIM_INTERVAL = Duration.ofMinutes(1);
  private static final int PARTS_OF_RETENTION = 10;
  private static final Duration INTERRUPTED_ENDS_WITHIN = Duration.ofSeconds(1);

  private final MemoryStore store;
  private final MemorySettings settings;
  private final Consumer consumer;
  private final Membership group;
  private final DeliveryRun<E> run;
  private final Semaphore free;
  private final Map<Attempt, Thread> inHand = new ConcurrentHashMap<>();
  private final Thread reading;
  private final Duration trimInterval;
  /** The reader's own. */
  private Instant nextTrim = Instant.MIN;
  private volatile boolean closing;

  MemoryConsumer(MemoryStore store, MemorySettings settings, SubscriptionSpec<E> spec, EventHandler<E> handler,
      Membership group) {
    this.store = store;
    this.settings = settings;
    this.consumer = group.consumer();
    this.group = group;
    this.run = new DeliveryRun<>(spec, handler, group, settings.deliveries(), () -> closing);
    this.trimInterval = trimInterval(settings.retention().span());
    this.free = new Semaphore(deliveries().concurrency());
    this.reading = Thread.ofVirtual().name("tributary reader of " + consumer).unstarted(this::readOn);
  }

  MemoryConsumer<E> start() {
    reading.start();
    return this;
  }

  private DeliverySettings deliveries() {
    return settings.deliveries();
  }

  private void readOn() {
    try {
      while (!closing) {
        watchTime();
        trim();
        readOnce(free.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS) ? 1 + free.drainPermits() : 0);
      }
    } catch (InterruptedException _) {
      // Closing.
    }
  }

  /** Looks through everything that there is, and nobody else may look meanwhile: so not on each turn. */
  private void trim() {
    Instant now = store.now();
    if (!now.isBefore(nextTrim)) {
      group.trim(settings.retention());
      nextTrim = now.plus(trimInterval);
    }
  }

  private static Duration trimInterval(Duration retention) {
    Duration part = retention.dividedBy(PARTS_OF_RETENTION);
    return part.compareTo(LONGEST_TRIM_INTERVAL) < 0 ? part : LONGEST_TRIM_INTERVAL;
  }

  /** Without a permit it takes nothing, but renews the leases of what is in hand. */
  private void readOnce(int permits) throws InterruptedException {
    inHand.forEach(this::renew);
    var taken = new ArrayList<>(group.take(permits, deliveries().lease()));
    Collections.shuffle(taken);
    taken.forEach(this::start);
    free.release(permits - taken.size());
    if (permits > 0 && taken.isEmpty()) {
      store.awaitChange(LOOK_AGAIN);
    }
  }

  /** Stops the work on one whose lease is lost. */
  private void renew(Attempt attempt, Thread thread) {
    if (!group.renew(attempt.held(), deliveries().lease()) && attempt.isLost()) {
      inHand.remove(attempt);
      group.fenced();
      free.release();
      thread.interrupt();
    }
  }

  private void start(Held held) {
    var attempt = new Attempt(held, store.now().plus(deliveries().handlerTimeout()));
    Thread thread = Thread.ofVirtual()
        .name("tributary " + consumer + " " + held.entry().id())
        .unstarted(() -> run(attempt));
    inHand.put(attempt, thread);
    thread.start();
  }

  /** What is interrupted stays in hand, for {@link #close} to give back. */
  private void run(Attempt attempt) {
    try {
      run.run(attempt);
      inHand.remove(attempt);
    } catch (InterruptedException _) {
      log.debug("{}: {} interrupted", consumer, attempt.held().entry().id());
    } finally {
      if (!attempt.isAbandoned()) {
        free.release();
      }
    }
  }

  private void watchTime() {
    Instant now = store.now();
    inHand.forEach((attempt, thread) -> {
      if (attempt.becomesOverdue(now)) {
        thread.interrupt();
      } else if (attempt.becomesAbandoned(now)) {
        abandon(attempt);
      }
    });
  }

  private void abandon(Attempt attempt) {
    group.abandoned(attempt.held());
    inHand.remove(attempt);
    run.fail(attempt.held(), Failure.timeout(deliveries().handlerTimeout()));
    free.release();
  }

  @Override
  public void close() {
    if (stop()) {
      inHand.keySet().forEach(attempt -> group.release(attempt.held(), Duration.ZERO));
      group.leave();
    }
  }

  /** As a crash does: gives nothing back, and waits for no handler. */
  void crash() {
    closing = true;
    consumer.leave();
    reading.interrupt();
    try {
      reading.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    inHand.values().forEach(Thread::interrupt);
  }

  /** @return false if it was stopped before */
  private boolean stop() {
    if (closing) {
      return false;
    }
    closing = true;
    try {
      reading.join();
      if (!allEnded(deliveries().grace())) {
        List.copyOf(inHand.values()).forEach(Thread::interrupt);
        allEnded(INTERRUPTED_ENDS_WITHIN);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private boolean allEnded(Duration atMost) throws InterruptedException {
    if (!free.tryAcquire(deliveries().concurrency(), atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    free.release(deliveries().concurrency());
    return true;
  }
}
