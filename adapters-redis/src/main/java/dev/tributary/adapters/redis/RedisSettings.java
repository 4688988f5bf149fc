package dev.tributary.adapters.redis;

import java.time.Duration;

/**
 * How to reach Redis, and how to treat deliveries. Rules: CONTRACT, sections 1 and 4.
 *
 * @param url {@code redis://[user:pass@]host:port[/db]}, {@code rediss://…} or {@code redis-sentinel://…}
 * @param lease how long a delivery may stay unsettled before another consumer may take it; renewed while its handler runs. At least 100 ms
 * @param maxAttempts how often a handler is tried before the delivery is a dead letter; at least 1
 * @param retryBackoff the longest delay after the first failed attempt; doubles with each further one, and the real delay is a random part of it
 * @param retryBackoffMax where doubling ends
 * @param concurrency deliveries in hand for each subscription; at least 1
 * @param grace how long {@code close} waits for handlers before it interrupts them
 */
public record RedisSettings(String url, Duration lease, int maxAttempts, Duration retryBackoff,
    Duration retryBackoffMax,
    int concurrency, Duration grace) {

  public static final Duration LEASE = Duration.ofSeconds(30);
  public static final int MAX_ATTEMPTS = 5;
  public static final Duration RETRY_BACKOFF = Duration.ofSeconds(1);
  public static final Duration RETRY_BACKOFF_MAX = Duration.ofMinutes(5);
  public static final int CONCURRENCY = 64;
  public static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);

  /** @throws IllegalArgumentException if a value is out of its bounds */
  public RedisSettings {
    require(lease.compareTo(SHORTEST_LEASE) >= 0, "lease must be at least 100ms");
    require(maxAttempts >= 1, "maxAttempts must be at least 1");
    require(retryBackoff.isPositive(), "retryBackoff must be more than 0");
    require(retryBackoffMax.compareTo(retryBackoff) >= 0, "retryBackoffMax must not be less than retryBackoff");
    require(concurrency >= 1, "concurrency must be at least 1");
    require(!grace.isNegative(), "grace must not be negative");
  }

  /** Everything else as it is by default. */
  public static RedisSettings at(String url) {
    return new RedisSettings(url, LEASE, MAX_ATTEMPTS, RETRY_BACKOFF, RETRY_BACKOFF_MAX, CONCURRENCY, GRACE);
  }

  public RedisSettings withLease(Duration lease) {
    return new RedisSettings(url, lease, maxAttempts, retryBackoff, retryBackoffMax, concurrency, grace);
  }

  public RedisSettings withRetries(int maxAttempts, Duration retryBackoff, Duration retryBackoffMax) {
    return new RedisSettings(url, lease, maxAttempts, retryBackoff, retryBackoffMax, concurrency, grace);
  }

  public RedisSettings withConcurrency(int concurrency) {
    return new RedisSettings(url, lease, maxAttempts, retryBackoff, retryBackoffMax, concurrency, grace);
  }

  public RedisSettings withGrace(Duration grace) {
    return new RedisSettings(url, lease, maxAttempts, retryBackoff, retryBackoffMax, concurrency, grace);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Without the URL, which may hold a password. */
  @Override
  public String toString() {
    return "RedisSettings[lease=" + lease + ", maxAttempts=" + maxAttempts + ", retryBackoff=" + retryBackoff
        + ", retryBackoffMax="
        + retryBackoffMax + ", concurrency=" + concurrency + ", grace=" + grace + "]";
  }
}
