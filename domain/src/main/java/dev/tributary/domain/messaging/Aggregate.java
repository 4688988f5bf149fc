package dev.tributary.domain.messaging;

import java.time.Duration;
import java.util.Optional;

/**
 * A kind of state that the store keeps.
 *
 * @param name 1–64 characters of {@code a–z 0–9 -}; part of its keys in the store
 * @param topic the log whose events tell of it; a state lives in the partition of its id, so that it changes in one step
 *        with what is told under the same key
 * @param lifetime how long a state is kept after its last change, to the millisecond, by the store's clock; empty for ever
 */
public record Aggregate<S>(String name, Topic<?> topic, Class<S> type, Optional<Duration> lifetime) {

  /** @throws IllegalArgumentException if the name has another syntax or the lifetime is not positive */
  public Aggregate {
    Group.requireName(name);
    if (lifetime.filter(span -> !span.isPositive()).isPresent()) {
      throw new IllegalArgumentException("must live: " + lifetime);
    }
  }

  /** One whose states are kept for ever. */
  public Aggregate(String name, Topic<?> topic, Class<S> type) {
    this(name, topic, type, Optional.empty());
  }

  /** @param id any text; adapters encode it */
  public StateKey<S> key(String id) {
    return new StateKey<>(this, id);
  }
}
