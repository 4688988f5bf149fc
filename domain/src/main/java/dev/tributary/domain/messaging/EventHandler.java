package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;

/**
 * Makes something of one event. Called on virtual threads, for many deliveries at the same time, so that it may wait; one thread may serve several
 * deliveries, one after the other. Called, after a crash or a conflict, more than once for one delivery: whatever it does outside must be harmless
 * when repeated.
 */
@FunctionalInterface
public interface EventHandler<E extends DomainEvent> {

  /**
   * Any exception but InterruptedException counts as a {@link Outcome.Retry}.
   *
   * @throws InterruptedException when the subscription closes or the handler ran too long; the delivery then comes again
   */
  Outcome handle(Delivery<E> delivery) throws InterruptedException;
}
