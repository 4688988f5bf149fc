package dev.tributary.benchmarks;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliverySettings;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * How long what a dead process had in hand lies there. It dies without a word; another of its group is there and has nothing else to do. Where
 * consumers compete, it dies right after it has read.
 */
final class Takeover {

  private static final int IN_HAND = DeliverySettings.DEFAULTS.concurrency();
  private static final double NANOS_PER_SECOND = 1e9;

  /** One is the dead one's share, and the other the other's. */
  private static final Partitioning TWO = new Partitioning(2);
  private static final Duration POLL = Duration.ofMillis(2);

  private final BenchRedis redis;

  /** How consumers of a group share what there is. */
  private enum Sharing {
    COMPETING("competing"), ORDERED("in order");

    private final String word;

    Sharing(String word) {
      this.word = word;
    }
  }

  Takeover(BenchRedis redis) {
    this.redis = redis;
  }

  /** @return for each lease and way of sharing, seconds from its death until the last of its deliveries is settled */
  Map<String, List<Double>> measure(List<Duration> leases, int rounds) throws Exception {
    var seconds = new LinkedHashMap<String, List<Double>>();
    for (int round = 1; round <= rounds; round++) {
      for (Duration lease : leases) {
        for (Sharing sharing : Sharing.values()) {
          String row = "`" + lease.toSeconds() + "s`, " + sharing.word;
          double once = sharing == Sharing.COMPETING ? competing(lease) : ordered(lease);
          seconds.computeIfAbsent(row, _ -> new ArrayList<>()).add(once);
          Main.say("Takeover: round %d of %d: %s: %.2f s".formatted(round, rounds, row, once));
        }
      }
    }
    return seconds;
  }

  /** Each has a partition, and every second event or so is the dead one's. */
  private double ordered(Duration lease) throws Exception {
    redis.empty();
    var place = new Consumers.Place(redis, 0, TWO);
    int events = IN_HAND;
    var settled = new AtomicInteger();
    try (Member dying = Member.connected(place, lease, false);
        RedisMessaging alive = place.open(lease,
            (what, _, _, times) -> settled.addAndGet(what == DeliveryMonitor.Happening.SETTLED ? (int) times : 0))) {
      dying.join();
      var _ = alive.subscriber().subscribe(Ours.USERS.ordered(Ordering.PER_KEY), _ -> Outcome.SETTLED);
      await("each has its share", lease,
          () -> redis.owners(place.database(), Ours.USERS, TWO.count()).size() == TWO.count());
      alive.publisher().publish(UserEvent.TOPIC, IntStream.range(0, events).mapToObj(Samples::user).toList());
      await("the dying one has all of its own in hand", lease,
          () -> redis.pending(place.database(), Ours.USERS, TWO.count()) == events - settled.get()
              && settled.get() > 0);
      long died = System.nanoTime();
      dying.die();
      await("all is settled", lease, () -> settled.get() == events);
      return (System.nanoTime() - died) / NANOS_PER_SECOND;
    }
  }

  private static void await(String what, Duration lease, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + lease.multipliedBy(3).plusSeconds(15).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not in time: " + what);
      }
      Thread.sleep(POLL);
    }
  }

  private double competing(Duration lease) throws InterruptedException {
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
