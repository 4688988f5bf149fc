package dev.tributary.adapters.redis;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Has a handler handle a delivery. Only we interrupt it for good: what else interrupts it is a failure of its own, and must not disturb what follows. */
record HandlerCall<E extends DomainEvent>(EventHandler<E> handler, InHand inHand, Journal journal) {

  /**
   * @throws TimeoutException if it ran too long, whatever it came to in the end
   * @throws InterruptedException if the delivery was lost, or the consumer closes
   */
  Outcome of(Running running, Delivery<E> delivery) throws InterruptedException, TimeoutException {
    Outcome outcome;
    boolean inTime;
    long begun = System.nanoTime();
    running.enterHandler();
    try {
      outcome = handler.handle(delivery);
    } catch (InterruptedException e) {
      if (isOver(running)) {
        throw e;
      }
      outcome = new Outcome.Retry(Optional.empty(), "interrupted by itself");
    } catch (RuntimeException | Error e) {
      if (!running.isStopped()) {
        throw e;
      }
      // Our interruption may have met it in the store, and look like an absence of that.
      outcome = new Outcome.Retry(Optional.empty(), "interrupted");
    } finally {
      inTime = running.leaveHandler();
      journal.handled(Duration.ofNanos(System.nanoTime() - begun));
      if (!isOver(running)) {
        var _ = Thread.interrupted();
      }
    }
    if (!inTime) {
      throw new TimeoutException();
    }
    return outcome;
  }

  private boolean isOver(Running running) {
    return inHand.isClosing() || !inHand.holds(running);
  }
}
