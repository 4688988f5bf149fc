package dev.tributary.benchmarks;

import dev.tributary.application.DeliverySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long what a dead process had in hand lies there. It dies right after it has read, without a word; another of its group is there and has
 * nothing else to do.
 */
final class Takeover {

  private static final int IN_HAND = DeliverySettings.DEFAULTS.concurrency();
  private static final double NANOS_PER_SECOND = 1e9;

  private final BenchRedis redis;

  Takeover(BenchRedis redis) {
    this.redis = redis;
  }

  /** @return for each lease, seconds from its death until the last of its deliveries is settled */
  Map<Duration, List<Double>> measure(List<Duration> leases, int rounds) throws InterruptedException {
    var seconds = new LinkedHashMap<Duration, List<Double>>();
    for (int round = 1; round <= rounds; round++) {
      for (Duration lease : leases) {
        seconds.computeIfAbsent(lease, _ -> new ArrayList<>()).add(once(lease));
        Main.say("Takeover: round %d of %d: lease %s: %.2f s".formatted(round, rounds, lease,
            seconds.get(lease).getLast()));
      }
    }
    return seconds;
  }

  private double once(Duration lease) throws InterruptedException {
    try (var entries = new RawEntries(redis, 0);
        Consumers alive = Consumers.start(new Consumers.Place(redis, 0), 1, lease)) {
      entries.add(1);
      int _ = alive.await(1, lease);
      long died = System.nanoTime();
      entries.addHeldBy("dead", IN_HAND);
      int taken = alive.await(IN_HAND, lease.multipliedBy(3).plusSeconds(5));
      if (taken < IN_HAND) {
        throw new IllegalStateException(taken + " of " + IN_HAND + " were taken over");
      }
      return (System.nanoTime() - died) / NANOS_PER_SECOND;
    }
  }
}
