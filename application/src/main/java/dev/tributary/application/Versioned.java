package dev.tributary.application;

import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.StateKey;

/**
 * A state as it was loaded.
 *
 * @param version 1 for the first; each change adds 1
 */
public record Versioned<S>(StateKey<S> key, long version, S state) {

  /** The change from this version to another state. */
  public Change<S> to(S changed) {
    return new Change<>(key, version, changed);
  }
}
