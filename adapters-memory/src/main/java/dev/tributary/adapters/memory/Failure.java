package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * Why an attempt failed.
 *
 * @param reason in words
 * @param errorClass the exception's class, or what else it was
 * @param after the delay that the handler asked for
 */
record Failure(String reason, String errorClass, Optional<Duration> after) {

  static Failure of(Throwable thrown) {
    return new Failure(Optional.ofNullable(thrown.getMessage()).orElse("no message"), thrown.getClass().getName(),
        Optional.empty());
  }

  static Failure of(Outcome.Retry retry) {
    return new Failure(retry.reason(), "Retry", retry.after());
  }

  static Failure of(Outcome.Rejected rejected) {
    return new Failure(rejected.reason(), "Rejected", Optional.empty());
  }

  static Failure parked(EntryId entry) {
    return new Failure("parked behind the dead letter of entry " + entry, "Parked", Optional.empty());
  }

  static Failure conflict(int times) {
    return new Failure(times + " conflicts in one attempt", "Conflict", Optional.empty());
  }

  static Failure timeout(Duration limit) {
    return new Failure("ran longer than " + limit, "Timeout", Optional.empty());
  }
}
