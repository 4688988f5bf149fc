package dev.tributary.adapters.memory;

import java.time.Instant;
import java.util.Optional;

/**
 * The attempts at a delivery that have failed.
 *
 * @param firstAt empty while there is none
 */
record Failures(int count, Optional<Instant> firstAt) {

  static final Failures NONE = new Failures(0, Optional.empty());

  Failures oneMore(Instant now) {
    return new Failures(count + 1, Optional.of(firstAt.orElse(now)));
  }
}
