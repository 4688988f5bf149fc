package dev.tributary.adapters.memory;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Failure;
import dev.tributary.application.LogContext;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Takes one delivery to its end: settled, left for a retry, or a dead letter.
 *
 * @param isStopping whether the consumer interrupts its handlers for good, or may do so at any time
 */
record DeliveryRun<E extends DomainEvent>(SubscriptionSpec<E> spec, EventHandler<E> handler, Membership group,
    DeliverySettings settings, BooleanSupplier isStopping) {

  private static final Logger log = LoggerFactory.getLogger(DeliveryRun.class);

  /** What a handler's run came to. */
  private sealed interface Result {

    record Done(Work work) implements Result {}

    record Failed(Failure failure) implements Result {}

    record Hopeless(Failure failure) implements Result {}

    /** The store was away, which is not the handler's failure. */
    record Hindered(StoreUnavailableException by) implements Result {}

    record Abandoned() implements Result {}
  }

  /** @throws InterruptedException if it was stopped: it is still in hand, for its consumer to give back */
  void run(Attempt attempt) throws InterruptedException {
    Recorded<?> event = attempt.held().entry().event();
    if (!spec.events().isInstance(event.event())) {
      var _ = group.settle(attempt.held(), Work.NONE);
      return;
    }
    var recorded = new Recorded<>(event.id(), event.at(), spec.events().cast(event.event()), event.trace());
    var delivery = new Delivery<>(recorded, attempt.held().attempt());
    MDC.setContextMap(LogContext.of(spec.group(), delivery));
    try {
      handleOn(attempt, delivery);
    } finally {
      MDC.clear();
    }
  }

  private void handleOn(Attempt attempt, Delivery<E> delivery) throws InterruptedException {
    int conflicts = 0;
    while (handle(attempt, delivery) == Settlement.CONFLICT) {
      if (++conflicts == Failure.MOST_CONFLICTS) {
        fail(attempt.held(), Failure.conflicts(conflicts));
        return;
      }
    }
  }

  /** @return {@link Settlement#CONFLICT} if a state had moved on, so that it is to be handled again; else it has ended */
  private Settlement handle(Attempt attempt, Delivery<E> delivery) throws InterruptedException {
    switch (call(attempt, delivery)) {
      case Result.Done(Work work) -> {
        return settle(attempt.held(), work);
      }
      case Result.Failed(Failure failure) -> fail(attempt.held(), failure);
      case Result.Hopeless(Failure failure) -> group.bury(attempt.held(), failure);
      case Result.Hindered(var by) -> postpone(attempt.held(), by);
      case Result.Abandoned _ ->
        log.debug("{}: the abandoned handler of {} has ended", group.consumer(), delivery.id());
    }
    return Settlement.COMMITTED;
  }

  private Settlement settle(Held held, Work work) {
    Settlement settlement = group.settle(held, work);
    if (settlement == Settlement.COMMITTED) {
      group.settled(held.entry().event().at());
    }
    return settlement;
  }

  private Result call(Attempt attempt, Delivery<E> delivery) throws InterruptedException {
    Attempt.End end;
    Result result;
    long begun = System.nanoTime();
    attempt.begin();
    try {
      result = resultOf(attempt.held(), delivery);
    } finally {
      end = attempt.end();
      group.handled(Duration.ofNanos(System.nanoTime() - begun));
      clearInterruption();
    }
    return switch (end) {
      case IN_TIME -> result;
      case LATE -> new Result.Failed(Failure.timeout(settings.handlerTimeout()));
      case ABANDONED -> new Result.Abandoned();
    };
  }

  private Result resultOf(Held held, Delivery<E> delivery) throws InterruptedException {
    try {
      return switch (handler.handle(delivery)) {
        case Outcome.Settled(Work work) -> done(held, work);
        case Outcome.Retry retry -> new Result.Failed(Failure.of(retry));
        case Outcome.Rejected rejected -> new Result.Hopeless(Failure.of(rejected));
      };
    } catch (InterruptedException e) {
      if (isStopping.getAsBoolean()) {
        throw e;
      }
      // By its time limit, which counts more, or by nobody of ours.
      return new Result.Failed(Failure.of(e));
    } catch (RuntimeException | Error e) {
      log.debug("{}: handler failed", group.consumer(), e);
      return StoreUnavailableException.in(e)
          .<Result>map(Result.Hindered::new)
          .orElseGet(() -> new Result.Failed(Failure.of(e)));
    }
  }

  private Result done(Held held, Work work) {
    group.requireWithin(held, work);
    return new Result.Done(work);
  }

  /** What interrupts a handler, but for its consumer's end, must not disturb what follows. */
  private void clearInterruption() {
    if (!isStopping.getAsBoolean()) {
      var _ = Thread.interrupted();
    }
  }

  /** Again after its backoff, or never, if that was the last attempt. */
  void fail(Held held, Failure failure) {
    group.failed();
    if (held.attempt() >= settings.maxAttempts()) {
      group.bury(held, failure);
      return;
    }
    group.retry(held, failure, failure.after().orElseGet(() -> settings.backoff(held.attempt())));
  }

  private void postpone(Held held, StoreUnavailableException by) {
    Duration delay = settings.backoff(1);
    log.debug("{}: {} again in {}: {}", group.consumer(), held.entry().id(), delay, by.getMessage());
    group.release(held, delay);
  }
}
