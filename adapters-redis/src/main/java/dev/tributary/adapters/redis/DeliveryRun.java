package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Failure;
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
import dev.tributary.eventjson.EventCodec;
import dev.tributary.eventjson.UndecodableException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Takes one delivery from its bytes to its end: settled, noted for a retry, or a dead letter. While the store is away it waits, as long as the
 * delivery is ours. Whatever it leaves unsettled comes again.
 */
final class DeliveryRun<E extends DomainEvent> {

  private static final Logger log = LoggerFactory.getLogger(DeliveryRun.class);
  /** For whoever has to see first what was put back into the pending list. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private enum Stage {
    ENDED,
    /** Its work is on its way to Redis: whoever brings the verdict goes on. */
    SETTLING
  }

  private final SubscriptionSpec<E> spec;
  private final HandlerCall<E> call;
  private final Partitions partitions;
  private final Partition partition;
  private final PendingEntries pending;
  private final InHand inHand;
  private final Host host;
  private final DeliverySettings settings;
  private final Journal journal;
  private final Patience patience;

  /** The consumer whose deliveries these are. */
  interface Host {

    /**
     * Whether its entry was deleted while it waited for its time; never where consumers compete, who ask when they take it. What is there is its
     * consumer's from then on.
     *
     * @throws StoreUnavailableException if Redis does not answer
     */
    default boolean isGone(Delivered delivered) {
      return false;
    }

    /**
     * Whether a handler may have it; always where consumers compete.
     *
     * @throws StoreUnavailableException if Redis does not answer
     */
    default Standing standing(Delivered delivered, String key) {
      return Standing.FREE;
    }

    /** Who goes on with what has to wait, and sends the settlements that were gathered. */
    Workers workers();

    /** Nobody works on it any more. It may be called by the thread that brings Redis's replies: it must not wait. */
    void ended(Running running);
  }

  DeliveryRun(SubscriptionSpec<E> spec, EventHandler<E> handler, Partitions partitions, Partition partition,
      PendingEntries pending, InHand inHand, Host host, DeliverySettings settings, Journal journal) {
    this.spec = spec;
    this.call = new HandlerCall<>(handler, inHand, journal);
    this.patience = new Patience(inHand, spec.group());
    this.partitions = partitions;
    this.partition = partition;
    this.pending = pending;
    this.inHand = inHand;
    this.host = host;
    this.settings = settings;
    this.journal = journal;
  }

  private interface Step {
    Stage run() throws InterruptedException;
  }

  /** What is interrupted stays in hand, for its consumer to give back. */
  void run(Running running, Decoded<E> decoded) {
    toItsEnd(running, () -> dispatch(running, decoded));
  }

  void run(Running running) {
    toItsEnd(running, () -> dispatch(running, decode(running.delivered())));
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
    toItsEnd(substitute, () -> fail(substitute, Failure.timeout(settings.handlerTimeout())));
  }

  private void toItsEnd(Running running, Step step) {
    Stage stage = Stage.ENDED;
    try {
      stage = step.run();
      if (stage == Stage.ENDED && !inHand.remove(running)) {
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
      if (stage == Stage.ENDED) {
        inHand.leave(running);
        if (!running.isRelieved()) {
          host.ended(running);
        }
      }
    }
  }

  /** What was ended just before is not pending any more either: then nothing was lost. */
  private void lost(Running running) {
    if (!running.isEnded() && !running.isRelieved()) {
      journal.fenced(running.lease());
    }
  }

  private Stage dispatch(Running running, Decoded<E> decoded) throws InterruptedException {
    if (!isThere(running)) {
      return Stage.ENDED;
    }
    return switch (decoded) {
      case Decoded.Foreign<E> _ -> pass(running);
      case Decoded.Broken<E>(UndecodableException why) ->
        bury(running, running.delivered().failures(), Failure.of(why), Optional.empty());
      case Decoded.Event<E>(Recorded<E> event) -> admit(running, event);
    };
  }

  private boolean isThere(Running running) throws InterruptedException {
    if (!running.delivered().noted()) {
      return true;
    }
    Optional<Boolean> gone = patience.repeat(running, () -> host.isGone(running.delivered()));
    if (gone.orElse(false)) {
      running.end();
      journal.lost(running.lease().entryId());
    }
    return gone.isPresent() && !gone.get();
  }

  private Stage admit(Running running, Recorded<E> event) throws InterruptedException {
    Partition proper = partitions.of(spec.topic(), event.event().key());
    if (proper.number() != partition.number()) {
      return forward(running, proper, event);
    }
    var delivery = new Delivery<>(event, running.delivered().attempt());
    MDC.setContextMap(LogContext.of(spec.group(), delivery));
    return mayGo(running, delivery) ? attempt(running, delivery, 0) : Stage.ENDED;
  }

  private boolean mayGo(Running running, Delivery<E> delivery) throws InterruptedException {
    String key = delivery.event().key();
    Optional<Standing> standing = patience.repeat(running, () -> host.standing(running.delivered(), key));
    if (standing.isEmpty()) {
      return false;
    }
    switch (standing.get()) {
      case Standing.Free _ -> {
        return true;
      }
      case Standing.Behind(String entryId) -> bury(running, 0, Failure.parked(entryId), Optional.of(key));
      case Standing.Unknown _ -> running.endUntil(LOOK_AGAIN, running.delivered().failures());
    }
    return false;
  }

  /**
   * Another producer put it into a partition where nothing of its key is: it is published where it belongs, and settled here. Every group does so;
   * like any event it is stored there once.
   */
  private Stage forward(Running running, Partition proper, Recorded<E> event) throws InterruptedException {
    Optional<Verdict> verdict = patience.repeat(running,
        () -> RedisPublisher.stored(proper.takeIn().commit(Commit.publication(event))));
    return verdict.isPresent() ? pass(running) : Stage.ENDED;
  }

  /** Fenced or not: what changes nothing may be passed by whoever has it. */
  private Stage pass(Running running) {
    return new Settling(running, Optional.empty(), Work.NONE, _ -> {
      running.end();
      journal.settled(running.lease());
      return Stage.ENDED;
    }).send();
  }

  /** @param conflicts how often its work was in vain, as the state had moved on */
  private Stage attempt(Running running, Delivery<E> delivery, int conflicts) throws InterruptedException {
    var pause = new Pause();
    while (inHand.holds(running)) {
      try {
        return switch (call.of(running, delivery)) {
          case Outcome.Settled(Work work) -> settle(running, delivery, work, conflicts);
          case Outcome.Retry retry -> fail(running, Failure.of(retry));
          case Outcome.Rejected rejected ->
            bury(running, running.delivered().attempt(), Failure.of(rejected), parks(running));
        };
      } catch (TimeoutException _) {
        return fail(running, Failure.timeout(settings.handlerTimeout()));
      } catch (RuntimeException | Error e) {
        Optional<StoreUnavailableException> away = StoreUnavailableException.in(e);
        if (away.isEmpty()) {
          log.debug("{}: handler failed", spec.group(), e);
          return fail(running, Failure.of(e));
        }
        // Not the handler's failure.
        patience.awaitStore(running, away.get(), pause);
      }
    }
    return Stage.ENDED;
  }

  private Stage settle(Running running, Delivery<E> delivery, Work work, int conflicts) {
    work.requireWithin(spec.topic(), partitions.partitioning(), partition.number());
    Optional<UUID> cause = work.isNone() ? Optional.empty() : Optional.of(delivery.id().value());
    return new Settling(running, cause, work, verdict -> judged(running, delivery, verdict, conflicts)).send();
  }

  private Stage judged(Running running, Delivery<E> delivery, Verdict verdict, int conflicts)
      throws InterruptedException {
    if (!verdict.isEnd()) {
      MDC.setContextMap(LogContext.of(spec.group(), delivery));
    }
    switch (verdict) {
      case Verdict.Committed _ -> {
        running.end();
        journal.settled(running.lease(), delivery.recorded().at());
      }
      case Verdict.Duplicate _ -> {
        running.end();
        journal.duplicate(delivery.id());
      }
      case Verdict.Fenced _ -> fenced(running);
      case Verdict.Broken(String reason) -> {
        return fail(running, new Failure(reason, "Redis", Optional.empty()));
      }
      case Verdict.Conflict _ -> {
        return conflicts + 1 < Failure.MOST_CONFLICTS
            ? attempt(running, delivery, conflicts + 1)
            : fail(running, Failure.conflicts(conflicts + 1));
      }
    }
    return Stage.ENDED;
  }

  private interface Judged {
    Stage by(Verdict verdict) throws InterruptedException;
  }

  /** A delivery's end on its way to Redis, as often as it takes. Nobody waits for it. */
  private final class Settling {

    private final Running running;
    private final Optional<UUID> cause;
    private final Work work;
    private final Judged judged;
    private final Pause pause = new Pause();

    Settling(Running running, Optional<UUID> cause, Work work, Judged judged) {
      this.running = running;
      this.cause = cause;
      this.work = work;
      this.judged = judged;
    }

    Stage send() {
      if (!inHand.holds(running)) {
        return Stage.ENDED;
      }
      CompletableFuture<Verdict> reply = pending.settle(running.delivered(), cause, work);
      var _ = reply.whenComplete((verdict, failure) -> {
        if (failure == null && verdict.isEnd()) {
          toItsEnd(running, () -> judged.by(verdict));
        } else {
          goOn(reply);
        }
      });
      host.workers().gathered(pending);
      return Stage.SETTLING;
    }

    private void goOn(CompletableFuture<Verdict> reply) {
      try {
        host.workers().start(running, () -> toItsEnd(running, () -> receive(reply)));
      } catch (RuntimeException | Error e) {
        toItsEnd(running, () -> {
          throw e;
        });
      }
    }

    private Stage receive(CompletableFuture<Verdict> reply) throws InterruptedException {
      Verdict verdict;
      try {
        verdict = pending.verdict(reply);
      } catch (StoreUnavailableException e) {
        patience.awaitStore(running, e, pause);
        return send();
      }
      return judged.by(verdict);
    }
  }

  private Stage fail(Running running, Failure failure) throws InterruptedException {
    if (!inHand.holds(running)) {
      // Somebody else's by now: so is the attempt.
      return Stage.ENDED;
    }
    Delivered delivered = running.delivered();
    journal.failed();
    if (delivered.attempt() >= settings.maxAttempts()) {
      return bury(running, delivered.attempt(), failure, parks(running));
    }
    Duration delay = failure.after().orElseGet(() -> settings.backoff(delivered.attempt()));
    Optional<Boolean> noted = patience.repeat(running, () -> pending.retry(delivered, delay));
    if (noted.orElse(false)) {
      running.endUntil(delay, delivered.attempt());
      journal.retried(delivered, delay, failure);
    } else if (noted.isPresent()) {
      fenced(running);
    }
    return Stage.ENDED;
  }

  private Stage bury(Running running, int attempts, Failure failure, Optional<String> parks)
      throws InterruptedException {
    Delivered delivered = running.delivered();
    Optional<Boolean> moved = patience.repeat(running, () -> pending.bury(delivered, attempts, failure, parks));
    if (moved.orElse(false)) {
      running.end();
      journal.buried(delivered, failure);
    } else if (moved.isPresent()) {
      fenced(running);
    }
    return Stage.ENDED;
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
}
