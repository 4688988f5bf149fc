package dev.tributary.application;

import dev.tributary.domain.messaging.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * Why an attempt at a delivery failed.
 *
 * @param reason in words; at most {@value #LONGEST} characters are kept
 * @param errorClass the exception's class, or what else it was: {@code Retry}, {@code Rejected}, {@code Timeout}, {@code Conflict}, {@code Parked}
 * @param after the delay that the handler asked for; without it, the usual backoff
 */
public record Failure(String reason, String errorClass, Optional<Duration> after) {

  /**
   * How often one attempt may meet a state that has moved on. More than even a crowd on one state causes: a handler that ignores the state it should
   * decide upon would run for ever.
   */
  public static final int MOST_CONFLICTS = 100;

  private static final int LONGEST = 1000;

  public Failure {
    reason = reason.length() > LONGEST ? reason.substring(0, LONGEST) : reason;
  }

  public static Failure of(Throwable thrown) {
    return of(Optional.ofNullable(thrown.getMessage()).orElse("no message"), thrown.getClass().getName());
  }

  public static Failure of(Outcome.Retry retry) {
    return new Failure(retry.reason(), "Retry", retry.after());
  }

  public static Failure of(Outcome.Rejected rejected) {
    return of(rejected.reason(), "Rejected");
  }

  /** @param limit how long the handler might have run */
  public static Failure timeout(Duration limit) {
    return of("ran longer than " + limit, "Timeout");
  }

  public static Failure conflicts(int count) {
    return of(count + " conflicts in one attempt", "Conflict");
  }

  /** @param entryId the entry of the dead letter of its key that it has to wait behind */
  public static Failure parked(String entryId) {
    return of("parked behind the dead letter of entry " + entryId, "Parked");
  }

  private static Failure of(String reason, String errorClass) {
    return new Failure(reason, errorClass, Optional.empty());
  }
}
