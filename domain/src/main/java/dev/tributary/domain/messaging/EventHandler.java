package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;

/**
 * Makes something of one event. Called on a virtual thread of its own, for many deliveries at the same time, and, after a crash or a conflict,
 * more than once for one delivery: whatever it does outside must be harmless when repeated.
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
