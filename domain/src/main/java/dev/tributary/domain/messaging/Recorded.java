package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * An event with what tells it from its equals.
 *
 * @param at when it happened, to the millisecond
 * @param trace the step that it came from, where that is known. It is no part of what happened: of an event that is stored twice, the first
 *        one's counts
 */
public record Recorded<E extends DomainEvent>(EventId id, Instant at, E event, Optional<TraceParent> trace) {

  /** @throws IllegalArgumentException if the time is more exact than a millisecond: no log would give it back as it was */
  public Recorded {
    if (!at.equals(at.truncatedTo(ChronoUnit.MILLIS))) {
      throw new IllegalArgumentException("more exact than a millisecond: " + at);
    }
  }

  /** @throws IllegalArgumentException if the time is more exact than a millisecond */
  public Recorded(EventId id, Instant at, E event) {
    this(id, at, event, Optional.empty());
  }

  /** The same event, as one that came from that step. */
  public Recorded<E> from(TraceParent step) {
    return new Recorded<>(id, at, event, Optional.of(step));
  }
}
