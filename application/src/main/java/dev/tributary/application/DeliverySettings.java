package dev.tributary.application;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How every messaging adapter treats deliveries.
 *
 * @param lease how long a delivery may stay unsettled before another consumer may take it; renewed while its handler runs. At least 100 ms
 * @param maxAttempts how often a handler is tried before the delivery is a dead letter; at least 1
 * @param retryBackoff the longest delay after the first failed attempt, in whole milliseconds; doubles with each further one. More than 0
 * @param retryBackoffMax where doubling ends; not less than {@code retryBackoff}
 * @param concurrency deliveries worked on at once for each subscription; at least 1
 * @param grace how long a subscription that closes waits for its handlers before it interrupts them; 0: it does so at once. Not negative
 * @param handlerTimeout how long one attempt of a handler may run; then it is interrupted and has failed. More than 0
 */
public record DeliverySettings(Duration lease, int maxAttempts, Duration retryBackoff, Duration retryBackoffMax,
    int concurrency,
    Duration grace, Duration handlerTimeout) {

  // Before the defaults, which are checked against them.
  private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);
  private static final int MOST_DOUBLINGS = 30;

  public static final DeliverySettings DEFAULTS = new DeliverySettings(Duration.ofSeconds(30), 5, Duration.ofSeconds(1),
      Duration.ofMinutes(5), 64, Duration.ofSeconds(4), Duration.ofMinutes(5));

  /** @throws IllegalArgumentException if a value is out of its bounds */
  public DeliverySettings {
    require(lease.compareTo(SHORTEST_LEASE) >= 0, "lease must be at least 100ms");
    require(maxAttempts >= 1, "maxAttempts must be at least 1");
    require(retryBackoff.isPositive(), "retryBackoff must be more than 0");
    require(retryBackoffMax.compareTo(retryBackoff) >= 0, "retryBackoffMax must not be less than retryBackoff");
    require(concurrency >= 1, "concurrency must be at least 1");
    require(!grace.isNegative(), "grace must not be negative");
    require(handlerTimeout.isPositive(), "handlerTimeout must be more than 0");
  }

  public DeliverySettings withLease(Duration changed) {
    return new DeliverySettings(changed, maxAttempts, retryBackoff, retryBackoffMax, concurrency, grace,
        handlerTimeout);
  }

  public DeliverySettings withRetries(int changedAttempts, Duration changedBackoff, Duration changedMax) {
    return new DeliverySettings(lease, changedAttempts, changedBackoff, changedMax, concurrency, grace, handlerTimeout);
  }

  public DeliverySettings withConcurrency(int changed) {
    return new DeliverySettings(lease, maxAttempts, retryBackoff, retryBackoffMax, changed, grace, handlerTimeout);
  }

  public DeliverySettings withGrace(Duration changed) {
    return new DeliverySettings(lease, maxAttempts, retryBackoff, retryBackoffMax, concurrency, changed,
        handlerTimeout);
  }

  public DeliverySettings withHandlerTimeout(Duration changed) {
    return new DeliverySettings(lease, maxAttempts, retryBackoff, retryBackoffMax, concurrency, grace, changed);
  }

  /**
   * With full jitter: anything between nothing and the doubled delay, so that what failed together does not come back together.
   *
   * @param failures how many attempts have failed, from 1
   */
  public Duration backoff(int failures) {
    long doubled = retryBackoff.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
    long longest = retryBackoffMax.toMillis();
    return Duration
        .ofMillis(ThreadLocalRandom.current().nextLong((doubled > 0 && doubled < longest ? doubled : longest) + 1));
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
