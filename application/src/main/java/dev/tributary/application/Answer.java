package dev.tributary.application;

import java.time.Duration;
import java.util.Optional;

/** What a service outside makes of a request. A service that says no, or nothing, is no exception: it is what services do. */
public sealed interface Answer<T> {

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
