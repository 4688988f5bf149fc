package dev.tributary.adapters.redis;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.eventjson.UndecodableException;
import java.util.Optional;

/** What an entry turned out to be for a group. */
sealed interface Decoded<E extends DomainEvent> {

  /** What the group handles. */
  record Event<E extends DomainEvent>(Recorded<E> event) implements Decoded<E> {}

  /** Another group's, or of a type that this one passes over. */
  record Foreign<E extends DomainEvent>() implements Decoded<E> {}

  /** No event that anybody knows. */
  record Broken<E extends DomainEvent>(UndecodableException why) implements Decoded<E> {}

  /** What it has to keep the order of; empty where it has none. */
  default Optional<String> key() {
    return this instanceof Event<E>(Recorded<E> event) ? Optional.of(event.event().key()) : Optional.empty();
  }
}
