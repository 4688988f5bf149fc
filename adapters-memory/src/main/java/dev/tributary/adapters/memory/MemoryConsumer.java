package dev.tributary.adapters.memory;

import dev.tributary.application.DeliverySettings;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Subscription;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import java.time.Duration;
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
 * that competing consumers do not have.
 */
final class MemoryConsumer<E extends DomainEvent> implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(MemoryConsumer.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
  private static final Duration INTERRUPTED_ENDS_WITHIN = Duration.ofSeconds(1);

  private final MemoryStore store;
  private final DeliverySettings settings;
  private final SubscriptionSpec<E> spec;
  private final EventHandler<E> handler;
  private final Consumer consumer;
  private final Semaphore free;
  private final Map<Held, Thread> inHand = new ConcurrentHashMap<>();
  private final Thread reading;
  private volatile boolean closing;

  MemoryConsumer(MemoryStore store, DeliverySettings settings, SubscriptionSpec<E> spec, EventHandler<E> handler) {
    this.store = store;
    this.settings = settings;
    this.spec = spec;
    this.handler = handler;
    this.consumer = new Consumer(spec.group() + " on " + spec.topic());
    this.free = new Semaphore(settings.concurrency());
    this.reading = Thread.ofVirtual().name("tributary reader of " + consumer).unstarted(this::readOn);
  }

  MemoryConsumer<E> start() {
    reading.start();
    return this;
  }

  private void readOn() {
    try {
      while (!closing) {
        if (free.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
          readOnce(1 + free.drainPermits());
        }
      }
    } catch (InterruptedException _) {
      // Closing.
    }
  }

  private void readOnce(int permits) throws InterruptedException {
    var taken = new ArrayList<>(
        store.take(spec.topic(), spec.group(), consumer, permits, settings.lease(), inHand.keySet()));
    Collections.shuffle(taken);
    taken.forEach(this::start);
    free.release(permits - taken.size());
    if (taken.isEmpty()) {
      store.awaitChange(LOOK_AGAIN);
    }
  }

  private void start(Held held) {
    Thread thread = Thread.ofVirtual().name("tributary " + consumer + " " + held.entryId()).unstarted(() -> {
      try {
        run(held);
      } finally {
        free.release();
      }
    });
    inHand.put(held, thread);
    thread.start();
  }

  /** What is interrupted stays in hand, for {@link #close} to give back. */
  private void run(Held held) {
    try {
      boolean again = true;
      while (again) {
        again = spec.events().isInstance(held.event().event()) ? handle(held) : settle(held, Work.NONE);
      }
      inHand.remove(held);
    } catch (InterruptedException _) {
      log.debug("{}: {} interrupted", consumer, held.entryId());
    }
  }

  /** @return whether a state had moved on, so that it is to be handled again */
  private boolean handle(Held held) throws InterruptedException {
    Recorded<?> event = held.event();
    var delivery = new Delivery<>(new Recorded<>(event.id(), event.at(), spec.events().cast(event.event())),
        held.attempt());
    try {
      switch (handler.handle(delivery)) {
        case Outcome.Settled(Work work) -> {
          return settle(held, work);
        }
        case Outcome.Retry(var after, var reason) ->
          fail(held, reason, after.orElseGet(() -> settings.backoff(held.attempt())));
        case Outcome.Rejected(var reason) -> bury(held, reason);
      }
    } catch (RuntimeException | Error e) {
      log.debug("{}: handler failed", consumer, e);
      fail(held, e.getClass().getName() + ": " + e.getMessage(), settings.backoff(held.attempt()));
    }
    return false;
  }

  private boolean settle(Held held, Work work) {
    Settlement settlement = store.settle(spec.topic(), spec.group(), held, work);
    log.debug("{}: {} {}", consumer, held.event().id(), settlement);
    return settlement == Settlement.CONFLICT;
  }

  private void fail(Held held, String reason, Duration delay) {
    if (held.attempt() >= settings.maxAttempts()) {
      bury(held, reason);
      return;
    }
    log.warn("{}: attempt {} at {} failed, next in {}: {}", consumer, held.attempt(), held.entryId(), delay, reason);
    store.free(spec.topic(), spec.group(), held, held.attempt(), delay);
  }

  private void bury(Held held, String reason) {
    log.warn("{}: {} becomes a dead letter: {}", consumer, held.entryId(), reason);
    store.bury(spec.topic(), spec.group(), held, held.attempt(), reason);
  }

  @Override
  public void close() {
    if (stop()) {
      inHand.keySet().forEach(held -> store.free(spec.topic(), spec.group(), held, held.failures(), Duration.ZERO));
    }
  }

  /** As a crash does: gives nothing back, and waits for nobody. */
  void crash() {
    closing = true;
    consumer.leave();
    reading.interrupt();
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
      if (!allEnded(settings.grace())) {
        List.copyOf(inHand.values()).forEach(Thread::interrupt);
        allEnded(INTERRUPTED_ENDS_WITHIN);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private boolean allEnded(Duration atMost) throws InterruptedException {
    if (!free.tryAcquire(settings.concurrency(), atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    free.release(settings.concurrency());
    return true;
  }
}
