package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one delivery from its bytes to its end: settled, noted for a retry, or a dead letter. While the store is away it waits, as long as the
 * delivery is ours. Whatever it leaves unsettled comes again.
 */
final class DeliveryRun<E extends DomainEvent> {

  private static final Logger log = LoggerFactory.getLogger(DeliveryRun.class);
  /** More than even a crowd on one state causes: a handler that ignores the state it should decide upon would run for ever. */
  private static final int MOST_CONFLICTS = 100;

  private enum Stage {
    /** Not yet, or again, as the store was away: neither is the handler's failure. */
    TO_HANDLE,
    /** The state had moved on: to be handled again, with fresh state. */
    CONFLICTED, ENDED
  }

  private final String stream;
  private final SubscriptionSpec<E> spec;
  private final EventHandler<E> handler;
  private final PendingEntries pending;
  private final InHand inHand;
  private final DeliverySettings settings;

  DeliveryRun(String stream, SubscriptionSpec<E> spec, EventHandler<E> handler, PendingEntries pending, InHand inHand,
      DeliverySettings settings) {
    this.stream = stream;
    this.spec = spec;
    this.handler = handler;
    this.pending = pending;
    this.inHand = inHand;
    this.settings = settings;
  }

  /** What is interrupted stays in hand, for its consumer to give back. */
  void run(Delivered delivered) {
    try {
      decodeAndHandle(delivered);
      inHand.remove(delivered.lease());
    } catch (InterruptedException _) {
      log.debug("{}: {} interrupted", spec.group(), delivered.lease().entryId());
    } catch (RuntimeException e) {
      log.error("{}: {} is left for a redelivery", spec.group(), delivered.lease().entryId(), e);
      inHand.remove(delivered.lease());
    }
  }

  private void decodeAndHandle(Delivered delivered) throws InterruptedException {
    Optional<Recorded<E>> event;
    try {
      event = EventCodec.decode(stream, delivered.entry(), spec.events());
    } catch (UndecodableException e) {
      bury(delivered, delivered.failures(), Failure.of(e));
      return;
    }
    if (event.isEmpty()) {
      var _ = persist(delivered, () -> pending.settle(delivered, Optional.empty(), Work.NONE));
      return;
    }
    handleOn(delivered, new Delivery<>(event.get(), delivered.attempt()));
  }

  private void handleOn(Delivered delivered, Delivery<E> delivery) throws InterruptedException {
    int conflicts = 0;
    Stage stage = Stage.TO_HANDLE;
    while (stage != Stage.ENDED && inHand.holds(delivered.lease())) {
      stage = handle(delivered, delivery);
      if (stage == Stage.CONFLICTED && ++conflicts == MOST_CONFLICTS) {
        fail(delivered, new Failure(conflicts + " conflicts in one attempt", "Conflict", Optional.empty()));
        stage = Stage.ENDED;
      }
    }
  }

  private Stage handle(Delivered delivered, Delivery<E> delivery) throws InterruptedException {
    try {
      switch (call(delivered, delivery)) {
        case Outcome.Settled(Work work) -> {
          return settle(delivered, delivery, work);
        }
        case Outcome.Retry retry -> fail(delivered, Failure.of(retry));
        case Outcome.Rejected rejected -> bury(delivered, delivered.attempt(), Failure.of(rejected));
      }
      return Stage.ENDED;
    } catch (StoreUnavailableException e) {
      awaitStore(delivered, e);
      return Stage.TO_HANDLE;
    } catch (RuntimeException | Error e) {
      log.debug("{}: handler failed", spec.group(), e);
      fail(delivered, Failure.of(e));
      return Stage.ENDED;
    }
  }

  /** Only we interrupt a handler for good: what else interrupts it is a failure of its own, and must not disturb what follows. */
  private Outcome call(Delivered delivered, Delivery<E> delivery) throws InterruptedException {
    try {
      return handler.handle(delivery);
    } catch (InterruptedException e) {
      if (isStopped(delivered)) {
        throw e;
      }
      throw new IllegalStateException("interrupted by itself", e);
    } finally {
      if (!isStopped(delivered)) {
        var _ = Thread.interrupted();
      }
    }
  }

  private boolean isStopped(Delivered delivered) {
    return inHand.isClosing() || !inHand.holds(delivered.lease());
  }

  private Stage settle(Delivered delivered, Delivery<E> delivery, Work work) throws InterruptedException {
    work.requireWithin(spec.topic());
    Optional<UUID> cause = work.isNone() ? Optional.empty() : Optional.of(delivery.id().value());
    Optional<Verdict> verdict = persist(delivered, () -> pending.settle(delivered, cause, work));
    if (verdict.isEmpty()) {
      return Stage.ENDED;
    }
    switch (verdict.get()) {
      case Verdict.Committed _ -> log.debug("{}: settled {}", spec.group(), delivery.id());
      case Verdict.Duplicate _ -> log.info("{}: event {} was handled before", spec.group(), delivery.id());
      case Verdict.Fenced _ ->
        log.info("{}: lease of {} was lost; nothing changed", spec.group(), delivered.lease().entryId());
      case Verdict.Broken(String reason) -> fail(delivered, new Failure(reason, "Redis", Optional.empty()));
      case Verdict.Conflict _ -> {
        return Stage.CONFLICTED;
      }
    }
    return Stage.ENDED;
  }

  private void fail(Delivered delivered, Failure failure) throws InterruptedException {
    if (delivered.attempt() >= settings.maxAttempts()) {
      bury(delivered, delivered.attempt(), failure);
      return;
    }
    Duration delay = failure.after().orElseGet(() -> settings.backoff(delivered.attempt()));
    log.warn("{}: attempt {} at {} failed, next in {}: {}", spec.group(), delivered.attempt(),
        delivered.lease().entryId(), delay,
        failure.reason());
    var _ = persist(delivered, () -> pending.retry(delivered, delay));
  }

  private void bury(Delivered delivered, int attempts, Failure failure) throws InterruptedException {
    log.warn("{}: {} becomes a dead letter: {}", spec.group(), delivered.lease().entryId(), failure.reason());
    var _ = persist(delivered, () -> pending.bury(delivered, attempts, failure));
  }

  /** Repeats a step, which must bear it, until the store has answered or the delivery is no longer ours. */
  private <T> Optional<T> persist(Delivered delivered, Supplier<T> step) throws InterruptedException {
    while (inHand.holds(delivered.lease())) {
      try {
        return Optional.of(step.get());
      } catch (StoreUnavailableException e) {
        awaitStore(delivered, e);
      }
    }
    return Optional.empty();
  }

  /** Until the lease could be renewed, or turned out to be lost. */
  private void awaitStore(Delivered delivered, StoreUnavailableException away) throws InterruptedException {
    log.debug("{}: {} waits: {}", spec.group(), delivered.lease().entryId(), away.getMessage());
    var pause = new Pause();
    do {
      if (inHand.isClosing()) {
        throw new InterruptedException("closing while the store is away");
      }
      pause.await();
    } while (!inHand.renew(List.of(delivered.lease())) && inHand.holds(delivered.lease()));
  }
}
