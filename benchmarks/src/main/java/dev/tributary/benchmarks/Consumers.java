package dev.tributary.benchmarks;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.adapters.redis.RedisSettings;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.Welcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Consumers of one group in this process, each with connections of its own. Every delivery leads to a small piece of work: a new state, the mark
 * that its event was handled, and the acknowledgement, in one step.
 */
final class Consumers implements AutoCloseable {

  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final Duration POLL = Duration.ofMillis(2);

  private final AtomicInteger settled = new AtomicInteger();
  private final List<RedisMessaging> members;

  /** @param database of a server in memory */
  record Place(BenchRedis redis, int database, Partitioning partitioning) {

    /** With one partition. */
    Place(BenchRedis redis, int database) {
      this(redis, database, Partitioning.ONE);
    }

    RedisMessaging open(Duration lease, DeliveryMonitor monitor) {
      return RedisMessaging.open(settings(redis.url(database), lease, partitioning), monitor);
    }

    RedisMessaging open() {
      return open(DeliverySettings.DEFAULTS.lease(), DeliveryMonitor.NONE);
    }
  }

  private Consumers(Place place, int count, Duration lease) {
    this.members = IntStream.range(0, count).mapToObj(_ -> place.open(lease, this::happened)).toList();
    members.forEach(member -> {
      var _ = member.subscriber().subscribe(Ours.USERS, Consumers::welcome);
    });
  }

  static RedisSettings settings(String url, Duration lease, Partitioning partitioning) {
    return new RedisSettings(url, DeliverySettings.DEFAULTS.withLease(lease),
        new Retention(Retention.DEFAULT.span(), List.of(Ours.USERS)), 0, partitioning);
  }

  static Consumers start(Place place, int count, Duration lease) {
    return new Consumers(place, count, lease);
  }

  private static Outcome welcome(Delivery<UserCreated> delivery) {
    UserCreated created = delivery.event();
    var welcome = new Welcome(created.userId(), created.email(), AT);
    return new Outcome.Settled(
        new Work(List.of(Change.creation(Welcome.key(created.userId()), welcome)), List.of()));
  }

  private void happened(DeliveryMonitor.Happening what, Topic<?> topic, Group group, long times) {
    if (what == DeliveryMonitor.Happening.SETTLED) {
      settled.addAndGet((int) times);
    }
  }

  /**
   * Waits until that many more are settled.
   *
   * @return how many it were: a few more, or fewer if it took too long
   */
  int await(int more, Duration atMost) throws InterruptedException {
    int before = settled.get();
    long deadline = System.nanoTime() + atMost.toNanos();
    while (settled.get() - before < more && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
    }
    return settled.get() - before;
  }

  @Override
  public void close() {
    members.forEach(RedisMessaging::close);
  }
}
