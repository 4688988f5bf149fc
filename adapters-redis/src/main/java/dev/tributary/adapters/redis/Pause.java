package dev.tributary.adapters.redis;

import java.time.Duration;

/** Waits longer after each failure in a row: 50 ms, 100 ms, … up to 1 s. For one thread. */
final class Pause {

  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private Duration next = FIRST;

  void await() throws InterruptedException {
    Thread.sleep(next);
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
  }

  /** Something went well: the next failure waits shortly again. */
  void reset() {
    next = FIRST;
  }
}
