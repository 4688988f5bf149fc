package dev.tributary.adapters.metrics;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** How everything is timed: with the same fixed buckets, so that processes and groups can be added up and compared. */
final class Timers {

  /** Only clocks that disagree say more; a few times the age of the epoch would be more than a sum of nanoseconds can hold. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private Timers() {}

  /** From a quick statement to twice the time that a handler has. */
  static Timer.Builder named(String name) {
    return Timer.builder(name)
        .serviceLevelObjectives(Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
            Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
            Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10),
            Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(5),
            Duration.ofMinutes(10));
  }

  /** Counts a time below 0 as 0, one above a day as a day. */
  static void record(Timer timer, Duration span) {
    Duration least = span.isNegative() ? Duration.ZERO : span;
    timer.record(least.compareTo(LONGEST) > 0 ? LONGEST : least);
  }
}
