package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;

/**
 * A log of events that belong together. It keeps them in the order in which they were stored.
 *
 * @param name 1–64 characters of {@code a–z 0–9 -}; the stream's name outside
 * @param events the sealed family that it holds
 */
public record Topic<E extends DomainEvent>(String name, Class<E> events) {

  public Topic {
    Group.requireName(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
