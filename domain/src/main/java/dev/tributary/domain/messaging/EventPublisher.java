package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;
import java.util.List;

/**
 * Appends events to a topic. For an event that follows from a change of state use a {@link Work} instead: this port changes no state, and two
 * steps are no step.
 */
public interface EventPublisher {

  /**
   * Blocks until all are stored, in this order for each key. Publishing an event again, by its id, stores nothing and is no error: after a
   * failure, whose outcome is unknown, call again with the same events.
   *
   * @param events at least one
   */
  <E extends DomainEvent> void publish(Topic<E> topic, List<Recorded<E>> events);
}
