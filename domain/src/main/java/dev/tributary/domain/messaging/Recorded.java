package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An event with what tells it from its equals.
 *
 * @param at when it happened, to the millisecond
 */
public record Recorded<E extends DomainEvent>(EventId id, Instant at, E event) {

  /** @throws IllegalArgumentException if the time is more exact than a millisecond: no log would give it back as it was */
  public Recorded {
    if (!at.equals(at.truncatedTo(ChronoUnit.MILLIS))) {
      throw new IllegalArgumentException("more exact than a millisecond: " + at);
    }
  }
}
