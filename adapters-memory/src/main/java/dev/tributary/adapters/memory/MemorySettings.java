package dev.tributary.adapters.memory;

import java.time.Duration;
import java.time.InstantSource;

/**
 * How to treat deliveries; the same rules as on a real server.
 *
 * @param clock what leases and retries are timed by; tests move it
 * @param lease how long a delivery of a consumer that is gone stays its own; one that is alive never loses its lease
 * @param maxAttempts how often a handler is tried before the delivery is a dead letter; at least 1
 * @param retryBackoff the longest delay after the first failed attempt; doubles with each further one
 * @param retryBackoffMax where doubling ends
 * @param concurrency deliveries in hand for each subscription; at least 1
 * @param grace how long {@code close} waits for handlers before it interrupts them
 */
public record MemorySettings(InstantSource clock, Duration lease, int maxAttempts, Duration retryBackoff,
    Duration retryBackoffMax,
    int concurrency, Duration grace) {

  /** @throws IllegalArgumentException if a value is out of its bounds */
  public MemorySettings {
    if (!lease.isPositive() || maxAttempts < 1 || !retryBackoff.isPositive()
        || retryBackoffMax.compareTo(retryBackoff) < 0
        || concurrency < 1 || grace.isNegative()) {
      throw new IllegalArgumentException(
          "out of bounds: " + lease + ", " + maxAttempts + ", " + retryBackoff + ", " + retryBackoffMax + ", "
              + concurrency + ", " + grace);
    }
  }

  /** By the system's clock, everything else as the product has it by default. */
  public static MemorySettings defaults() {
    return new MemorySettings(InstantSource.system(), Duration.ofSeconds(30), 5, Duration.ofSeconds(1),
        Duration.ofMinutes(5), 64,
        Duration.ofSeconds(5));
  }
}
