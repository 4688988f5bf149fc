package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * Why an attempt failed.
 *
 * @param reason in words, at most {@value #LONGEST} characters
 * @param errorClass the exception's class, or what else it was
 * @param after the delay that the handler asked for
 */
record Failure(String reason, String errorClass, Optional<Duration> after) {

  private static final int LONGEST = 1000;

  Failure {
    reason = reason.length() > LONGEST ? reason.substring(0, LONGEST) : reason;
  }

  static Failure of(Throwable thrown) {
    return new Failure(Optional.ofNullable(thrown.getMessage()).orElse("no message"), thrown.getClass().getName(),
        Optional.empty());
  }

  static Failure timeout(Duration limit) {
    return new Failure("ran longer than " + limit, "Timeout", Optional.empty());
  }

  static Failure conflicts(int count) {
    return new Failure(count + " conflicts in one attempt", "Conflict", Optional.empty());
  }

  static Failure parked(String entryId) {
    return new Failure("parked behind the dead letter of entry " + entryId, "Parked", Optional.empty());
  }

  static Failure of(Outcome.Retry retry) {
    return new Failure(retry.reason(), "Retry", retry.after());
  }

  static Failure of(Outcome.Rejected rejected) {
    return new Failure(rejected.reason(), "Rejected", Optional.empty());
  }
}
