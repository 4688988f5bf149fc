package dev.tributary.domain.messaging;

/**
 * A new state for one aggregate.
 *
 * @param expectedVersion the version it was decided upon; 0 if there was none. Another version in the store is a conflict, and nothing of the
 *        work is committed
 */
public record Change<S>(StateKey<S> key, long expectedVersion, S state) {

  public static <S> Change<S> creation(StateKey<S> key, S state) {
    return new Change<>(key, 0, state);
  }

  public Change {
    if (expectedVersion < 0) {
      throw new IllegalArgumentException("a version is not negative: " + expectedVersion);
    }
  }
}
