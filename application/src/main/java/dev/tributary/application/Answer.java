package dev.tributary.application;

import dev.tributary.domain.messaging.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What a service outside makes of a request. A service that says no, or nothing, is no exception: it is what services do. */
public sealed interface Answer<T> {

  /** What a handler makes of it: only what is done needs a decision. */
  default Outcome toOutcome(Function<T, Outcome> done) {
    return switch (this) {
      case Done<T>(T value) -> done.apply(value);
      case Unavailable<T>(var after, var reason) -> new Outcome.Retry(after, reason);
      case Refused<T>(var reason) -> new Outcome.Rejected(reason);
    };
  }

  /** Done. */
  record Done<T>(T value) implements Answer<T> {}

  /**
   * Not now; asking again, under the same idempotency key, may help.
   *
   * @param after how long the service asked to be left alone
   * @param reason for logs and dead letters; no secrets
   */
  record Unavailable<T>(Optional<Duration> after, String reason) implements Answer<T> {}

  /**
   * Never, however often one asks.
   *
   * @param reason for logs and dead letters; no secrets
   */
  record Refused<T>(String reason) implements Answer<T> {}
}
