package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.LogContext;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Takes one delivery from its bytes to its end: settled, noted for a retry, or a dead letter. While the store is away it waits, as long as the
 * delivery is ours. Whatever it leaves unsettled comes again.
 */
final class DeliveryRun<E extends DomainEvent> {

  private static final Logger log = LoggerFactory.getLogger(DeliveryRun.class);
  /** More than even a crowd on one state causes: a handler that ignores the state it should decide upon would run for ever. */
  private static final int MOST_CONFLICTS = 100;
  /** For whoever has to see first what was put back into the pending list. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private enum Stage {
    /** Not yet, or again, as the store was away: neither is the handler's failure. */
    TO_HANDLE,
    /** The state had moved on: to be handled again, with fresh state. */
    CONFLICTED, ENDED
  }

  private final SubscriptionSpec<E> spec;
  private final EventHandler<E> handler;
  private final Partitions partitions;
  private final Partition partition;
  private final PendingEntries pending;
  private final InHand inHand;
  private final Gate gate;
  private final DeliverySettings settings;
  private final Journal journal;

  /** Asked before a handler is. */
  interface Gate {

    /** Where consumers compete. */
    Gate OPEN = (_, _) -> Standing.FREE;

    /** @throws StoreUnavailableException if Redis does not answer */
    Standing standing(Delivered delivered, String key);
  }

  DeliveryRun(SubscriptionSpec<E> spec, EventHandler<E> handler, Partitions partitions, Partition partition,
      PendingEntries pending, InHand inHand, Gate gate, DeliverySettings settings, Journal journal) {
    this.spec = spec;
    this.handler = handler;
    this.partitions = partitions;
    this.partition = partition;
    this.pending = pending;
    this.inHand = inHand;
    this.gate = gate;
    this.settings = settings;
    this.journal = journal;
  }

  private interface Step {
    void run() throws InterruptedException;
  }

  /** What is interrupted stays in hand, for its consumer to give back. */
  void run(Running running, Decoded<E> decoded) {
    toItsEnd(running, () -> handle(running, decoded));
  }

  void run(Running running) {
    toItsEnd(running, () -> handle(running, decode(running.delivered())));
  }

  Decoded<E> decode(Delivered delivered) {
    if (delivered.entry().isForAnotherThan(spec.group())) {
      return new Decoded.Foreign<>();
    }
    try {
      return EventCodec.decode(partition.keys().stream(), delivered.entry(), spec.events())
          .<Decoded<E>>map(Decoded.Event::new)
          .orElseGet(Decoded.Foreign::new);
    } catch (UndecodableException e) {
      return new Decoded.Broken<>(e);
    }
  }

  /** Ends what another thread is stuck with, in its stead: the attempt has failed. */
  void relieve(Running substitute) {
    journal.abandoned(substitute.lease(), settings.handlerTimeout());
    toItsEnd(substitute, () -> fail(substitute, Failure.timeout(settings.handlerTimeout())));
  }

  private void toItsEnd(Running running, Step step) {
    try {
      step.run();
      if (!inHand.remove(running)) {
        lost(running);
      }
    } catch (InterruptedException _) {
      log.debug("{}: {} interrupted", spec.group(), running.lease().entryId());
      if (!inHand.holds(running)) {
        lost(running);
      }
    } catch (RuntimeException | Error e) {
      // First of all: what stays in hand keeps its lease, and would never come again.
      inHand.remove(running);
      journal.leftBehind(running.lease(), e);
    } finally {
      MDC.clear();
    }
  }

  /** What was ended just before is not pending any more either: then nothing was lost. */
  private void lost(Running running) {
    if (!running.isEnded() && !running.isRelieved()) {
      journal.fenced(running.lease());
    }
  }

  private void handle(Running running, Decoded<E> decoded) throws InterruptedException {
    switch (decoded) {
      case Decoded.Foreign<E> _ -> pass(running);
      case Decoded.Broken<E>(UndecodableException why) ->
        bury(running, running.delivered().failures(), Failure.of(why), Optional.empty());
      case Decoded.Event<E>(Recorded<E> event) -> handle(running, event);
    }
  }

  private void handle(Running running, Recorded<E> event) throws InterruptedException {
    Partition proper = partitions.of(spec.topic(), event.event().key());
    if (proper.number() != partition.number()) {
      forward(running, proper, event);
      return;
    }
    var delivery = new Delivery<>(event, running.delivered().attempt());
    MDC.setContextMap(LogContext.of(spec.group(), delivery));
    if (mayGo(running, delivery)) {
      handleOn(running, delivery);
    }
  }

  private boolean mayGo(Running running, Delivery<E> delivery) throws InterruptedException {
    String key = delivery.event().key();
    Optional<Standing> standing = persist(running, () -> gate.standing(running.delivered(), key));
    if (standing.isEmpty()) {
      return false;
    }
    switch (standing.get()) {
      case Standing.Free _ -> {
        return true;
      }
      case Standing.Behind(String entryId) -> bury(running, 0, Failure.parked(entryId), Optional.of(key));
      case Standing.Gone _ -> {
        running.end();
        journal.lost(running.lease().entryId());
      }
      case Standing.Unknown _ -> running.endUntil(LOOK_AGAIN, running.delivered().failures());
    }
    return false;
  }

  /**
   * Another producer put it into a partition where nothing of its key is: it is published where it belongs, and settled here. Every group does so;
   * like any event it is stored there once.
   */
  private void forward(Running running, Partition proper, Recorded<E> event) throws InterruptedException {
    Optional<Verdict> verdict = persist(running,
        () -> RedisPublisher.stored(proper.takeIn().commit(Commit.publication(event))));
    if (verdict.isPresent()) {
      pass(running);
    }
  }

  private void pass(Running running) throws InterruptedException {
    if (persist(running, () -> pending.settle(running.delivered(), Optional.empty(), Work.NONE)).isPresent()) {
      running.end();
      journal.settled(running.lease());
    }
  }

  private void handleOn(Running running, Delivery<E> delivery) throws InterruptedException {
    int conflicts = 0;
    var pause = new Pause();
    Stage stage = Stage.TO_HANDLE;
    while (stage != Stage.ENDED && inHand.holds(running)) {
      stage = handle(running, delivery, pause);
      if (stage == Stage.CONFLICTED && ++conflicts == MOST_CONFLICTS) {
        fail(running, Failure.conflicts(conflicts));
        stage = Stage.ENDED;
      }
    }
  }

  private Stage handle(Running running, Delivery<E> delivery, Pause pause) throws InterruptedException {
    try {
      switch (call(running, delivery)) {
        case Outcome.Settled(Work work) -> {
          return settle(running, delivery, work);
        }
        case Outcome.Retry retry -> fail(running, Failure.of(retry));
        case Outcome.Rejected rejected ->
          bury(running, running.delivered().attempt(), Failure.of(rejected), parks(running));
      }
      return Stage.ENDED;
    } catch (TimeoutException _) {
      fail(running, Failure.timeout(settings.handlerTimeout()));
      return Stage.ENDED;
    } catch (RuntimeException | Error e) {
      Optional<StoreUnavailableException> away = StoreUnavailableException.in(e);
      if (away.isPresent()) {
        awaitStore(running, away.get(), pause);
        return Stage.TO_HANDLE;
      }
      log.debug("{}: handler failed", spec.group(), e);
      fail(running, Failure.of(e));
      return Stage.ENDED;
    }
  }

  /**
   * Only we interrupt a handler for good: what else interrupts it is a failure of its own, and must not disturb what follows.
   *
   * @throws TimeoutException if it ran too long, whatever it came to in the end
   */
  private Outcome call(Running running, Delivery<E> delivery) throws InterruptedException, TimeoutException {
    Outcome outcome;
    boolean inTime;
    long begun = System.nanoTime();
    running.enterHandler();
    try {
      outcome = handler.handle(delivery);
    } catch (InterruptedException e) {
      if (isStopped(running)) {
        throw e;
      }
      outcome = new Outcome.Retry(Optional.empty(), "interrupted by itself");
    } catch (RuntimeException | Error e) {
      if (!running.isOverdue()) {
        throw e;
      }
      // Our interruption may have met it in the store, and look like an absence of that.
      outcome = new Outcome.Retry(Optional.empty(), "interrupted");
    } finally {
      inTime = running.leaveHandler();
      journal.handled(Duration.ofNanos(System.nanoTime() - begun));
      if (!isStopped(running)) {
        var _ = Thread.interrupted();
      }
    }
    if (!inTime) {
      throw new TimeoutException();
    }
    return outcome;
  }

  private boolean isStopped(Running running) {
    return inHand.isClosing() || !inHand.holds(running);
  }

  private Stage settle(Running running, Delivery<E> delivery, Work work) throws InterruptedException {
    work.requireWithin(spec.topic(), partitions.partitioning(), partition.number());
    Optional<UUID> cause = work.isNone() ? Optional.empty() : Optional.of(delivery.id().value());
    Optional<Verdict> verdict = persist(running, () -> pending.settle(running.delivered(), cause, work));
    if (verdict.isEmpty()) {
      return Stage.ENDED;
    }
    switch (verdict.get()) {
      case Verdict.Committed _ -> {
        running.end();
        journal.settled(running.lease(), delivery.recorded().at());
      }
      case Verdict.Duplicate _ -> {
        running.end();
        journal.duplicate(delivery.id());
      }
      case Verdict.Fenced _ -> fenced(running);
      case Verdict.Broken(String reason) -> fail(running, new Failure(reason, "Redis", Optional.empty()));
      case Verdict.Conflict _ -> {
        return Stage.CONFLICTED;
      }
    }
    return Stage.ENDED;
  }

  private void fail(Running running, Failure failure) throws InterruptedException {
    Delivered delivered = running.delivered();
    journal.failed();
    if (delivered.attempt() >= settings.maxAttempts()) {
      bury(running, delivered.attempt(), failure, parks(running));
      return;
    }
    Duration delay = failure.after().orElseGet(() -> settings.backoff(delivered.attempt()));
    Optional<Boolean> noted = persist(running, () -> pending.retry(delivered, delay));
    if (noted.orElse(false)) {
      running.endUntil(delay, delivered.attempt());
      journal.retried(delivered, delay, failure);
    } else if (noted.isPresent()) {
      fenced(running);
    }
  }

  private void bury(Running running, int attempts, Failure failure, Optional<String> parks)
      throws InterruptedException {
    Delivered delivered = running.delivered();
    Optional<Boolean> moved = persist(running, () -> pending.bury(delivered, attempts, failure, parks));
    if (moved.orElse(false)) {
      running.end();
      journal.buried(delivered, failure);
    } else if (moved.isPresent()) {
      fenced(running);
    }
  }

  private void fenced(Running running) {
    running.endFenced();
    journal.fenced(running.lease());
  }

  /** Of which key later ones shall wait behind its dead letter. */
  private Optional<String> parks(Running running) {
    return spec.ordering() == Ordering.PER_KEY_PARKED
        && decode(running.delivered()) instanceof Decoded.Event<E>(var event)
            ? Optional.of(event.event().key())
            : Optional.empty();
  }

  /** Repeats a step, which must bear it, until the store has answered or the delivery is no longer ours. */
  private <T> Optional<T> persist(Running running, Supplier<T> step) throws InterruptedException {
    var pause = new Pause();
    while (inHand.holds(running)) {
      try {
        return Optional.of(step.get());
      } catch (StoreUnavailableException e) {
        awaitStore(running, e, pause);
      }
    }
    return Optional.empty();
  }

  /**
   * Until the lease could be renewed, or turned out to be lost.
   *
   * @param pause the same for all waits of one step: where leases can be renewed and nothing else works, it must not try all the time
   */
  private void awaitStore(Running running, StoreUnavailableException away, Pause pause) throws InterruptedException {
    log.debug("{}: {} waits: {}", spec.group(), running.lease().entryId(), away.getMessage());
    do {
      if (inHand.isClosing()) {
        throw new InterruptedException("closing while the store is away");
      }
      pause.await();
    } while (!inHand.renew(List.of(running.lease())) && inHand.holds(running));
  }
}
