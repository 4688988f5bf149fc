package dev.tributary.domain.messaging;

/**
 * A kind of state that the store keeps.
 *
 * @param name 1–64 characters of {@code a–z 0–9 -}; part of its keys in the store
 * @param topic the log whose events tell of it; both live in the same partition, so that they can change in one step
 */
public record Aggregate<S>(String name, Topic<?> topic, Class<S> type) {

  public Aggregate {
    Group.requireName(name);
  }

  /** @param id any text; adapters encode it */
  public StateKey<S> key(String id) {
    return new StateKey<>(this, id);
  }
}
