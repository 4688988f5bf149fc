package dev.tributary.messaging.contract;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;

/** Runs a handler twice for each delivery, as a crash between its effects and its commit does: a handler must bear it. */
public record Duplicating<E extends DomainEvent>(EventHandler<E> handler) implements EventHandler<E> {

  @Override
  public Outcome handle(Delivery<E> delivery) throws InterruptedException {
    handler.handle(delivery);
    return handler.handle(delivery);
  }
}
