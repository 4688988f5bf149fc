package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;

/**
 * One event, handed to one consumer of a group.
 *
 * @param attempt 1 for the first time that a handler of this group sees it; a redelivery counts on
 */
public record Delivery<E extends DomainEvent>(Recorded<E> recorded, int attempt) {

  public EventId id() {
    return recorded.id();
  }

  public E event() {
    return recorded.event();
  }
}
