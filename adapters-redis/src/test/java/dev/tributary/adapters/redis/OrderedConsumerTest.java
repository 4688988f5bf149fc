package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.DeadLetters;
import dev.tributary.application.DeliverySettings;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Subscription;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserId;
import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XReadArgs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a subscription without order survives, one that reads in order survives too; and what it has to itself. */
final class OrderedConsumerTest extends GroupConsumerTest {

  private static final DeliverySettings PATIENT = DELIVERIES.withLease(Duration.ofMinutes(5));

  @Override
  SubscriptionSpec<UserCreated> created() {
    return super.created().ordered(Ordering.PER_KEY);
  }

  /** Tells that it has begun, and goes on when it may. */
  private EventHandler<UserCreated> holding(CountDownLatch begun, CountDownLatch release) {
    return delivery -> {
      begun.countDown();
      release.await();
      return settling.handle(delivery);
    };
  }

  /** A read is a script: when its reply is lost, it failed, and what is pending is looked through. */
  @Override
  @Test
  void what_was_handed_to_us_in_a_reply_that_was_lost_is_handled_long_before_its_lease_ends() {
    RedisMessaging messaging = messaging(with(PATIENT));
    messaging.subscriber().subscribe(created(), settling);
    add(0, 1);
    awaitHandled(0, 1);
    String ours = String.valueOf(((List<?>) redis.xinfoConsumers(STREAM, GROUP.name()).getFirst()).get(1));
    withdraw("-@scripting");
    try {
      await().atMost(SOON).until(() -> !messaging.health().problems().isEmpty());
      add(1, 3);
      readAs(ours);
    } finally {
      giveBack();
    }
    awaitHandled(1, 3);
  }

  /** As after a restart with older data while there was nothing to do: no read has failed that would tell. */
  @Test
  void what_a_server_that_came_back_holds_as_pending_again_is_looked_through() {
    messaging(with(PATIENT)).subscriber().subscribe(created(), settling);
    add(0, 1);
    awaitHandled(0, 1);
    await().atMost(SOON).until(() -> unsettled() == 0);
    String ours = String.valueOf(((List<?>) redis.xinfoConsumers(STREAM, GROUP.name()).getFirst()).get(1));
    redis.eval("redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], '0')"
        + " redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'STREAMS', KEYS[1], '>')",
        ScriptOutputType.STATUS, new String[]{STREAM}, GROUP.name(), ours);
    assertThat(redis.xpending(STREAM, GROUP.name()).getCount()).isEqualTo(1);
    raw.cutOthers();
    await().atMost(SOON).until(() -> unsettled() == 0);
  }

  /** As after a failover to a server that has not heard of the deliveries: what is handled meanwhile was handled in vain, and comes once more. */
  @Test
  void what_is_no_longer_pending_for_a_group_that_was_set_back_comes_before_the_next_of_its_key() {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    List<String> order = new CopyOnWriteArrayList<>();
    messaging(with(PATIENT)).subscriber().subscribe(created(), delivery -> {
      order.add(delivery.event().email().value());
      begun.countDown();
      release.await();
      return Outcome.SETTLED;
    });
    String first = addOfOneKey("first@example.com");
    String second = addOfOneKey("second@example.com");
    await().atMost(SOON).until(() -> begun.getCount() == 0 && redis.xpending(STREAM, GROUP.name()).getCount() == 2);
    redis.eval("redis.call('XACK', KEYS[1], ARGV[1], ARGV[2], ARGV[3])"
        + " redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], '0')", ScriptOutputType.STATUS, new String[]{STREAM},
        GROUP.name(), first, second);
    release.countDown();
    await().atMost(SOON).until(() -> unsettled() == 0);
    assertThat(order).endsWith("second@example.com").containsOnlyOnce("second@example.com");
  }

  /** All that was read is fenced at once, and must not keep the reader from looking. */
  @Test
  void a_group_that_was_destroyed_before_a_backlog_of_many_keys_is_made_again() {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    messaging(with(PATIENT)).subscriber().subscribe(created(), holding(begun, release));
    add(0, 100);
    await().atMost(SOON)
        .until(() -> begun.getCount() == 0
            && redis.xpending(STREAM, GROUP.name()).getCount() >= 2L * PATIENT.concurrency());
    redis.xgroupDestroy(STREAM, GROUP.name());
    release.countDown();
    await().atMost(SOON).until(() -> !redis.xinfoGroups(STREAM).isEmpty() && unsettled() == 0);
    awaitHandled(0, 100);
  }

  /** What has to wait until a redrive was looked through must not keep the reader from looking, be it of many keys or very much of one. */
  @ParameterizedTest
  @ValueSource(ints = {100, 1})
  void a_redrive_is_looked_through_before_a_backlog(int keys) {
    int count = keys == 1 ? 10_100 : keys;
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var broken = new AtomicBoolean(true);
    var done = new AtomicInteger();
    RedisMessaging messaging = messaging(with(PATIENT));
    messaging.subscriber().subscribe(created().ordered(Ordering.PER_KEY_PARKED), delivery -> {
      if (delivery.event().userId().value().equals("one")) {
        return broken.get() ? new Outcome.Rejected("broken") : settling.handle(delivery);
      }
      begun.countDown();
      release.await();
      done.incrementAndGet();
      return settling.handle(delivery);
    });
    addOfOneKey("one@example.com");
    await().atMost(SOON).until(() -> redis.xlen(Keys.of(created().topic()).dead(GROUP)) == 1);
    redis.eval("for i = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', 'type', 'user_created', 'userId', i % ARGV[2],"
        + " 'email', 'a@b') end", ScriptOutputType.STATUS, new String[]{STREAM}, Integer.toString(count),
        Integer.toString(keys));
    await().atMost(SOON)
        .until(() -> begun.getCount() == 0
            && redis.xpending(STREAM, GROUP.name()).getCount() >= Math.min(10_000, 2L * PATIENT.concurrency()
                * count / keys));
    broken.set(false);
    redriveAll(messaging, 50);
    release.countDown();
    await().atMost(SOON).until(() -> handled.contains("one") && done.get() >= 100);
  }

  private void redriveAll(RedisMessaging messaging, int perSecond) {
    var all = new DeadLetters.Selection.Filter(Optional.empty(), Optional.empty(), Optional.empty());
    messaging.deadLetters().redrive(created().topic(), 0, GROUP, all, DeadLetters.Pace.perSecond(perSecond));
  }

  /** They wait in their holder's hands until they are due, and are this consumer's only then. */
  @Test
  void a_redrive_of_what_is_no_event_disturbs_nobody() {
    int letters = 4;
    Keys keys = Keys.of(created().topic());
    RedisMessaging messaging = messaging(with(PATIENT));
    messaging.subscriber().subscribe(created(), settling);
    for (int i = 0; i < letters; i++) {
      redis.xadd(STREAM, "event", "nonsense");
    }
    await().atMost(SOON).until(() -> redis.xlen(keys.dead(GROUP)) == letters);
    String fence = redis.hget(lease(), "fence");
    redriveAll(messaging, 2);
    await().atMost(SOON).until(() -> redis.xlen(keys.dead(GROUP)) == letters && unsettled() == 0);
    assertThat(redis.hget(lease(), "fence")).isEqualTo(fence);
  }

  /** What it is at comes again; not before its handler, which was interrupted, has ended. */
  @Test
  void nothing_is_begun_again_while_its_handler_is_still_at_it() {
    var release = new CountDownLatch(1);
    var starts = new AtomicInteger();
    var destroyed = new AtomicLong();
    var premature = new AtomicBoolean();
    messaging(settings()).subscriber().subscribe(created(), delivery -> {
      // One that does not end for a second is waited for no longer.
      if (starts.incrementAndGet() > 1 && release.getCount() > 0
          && System.nanoTime() - destroyed.get() < Duration.ofSeconds(1).toNanos()) {
        premature.set(true);
      }
      awaitUninterruptibly(release);
      return settling.handle(delivery);
    });
    add(0, 1);
    await().atMost(SOON).until(() -> starts.get() == 1);
    destroyed.set(System.nanoTime());
    redis.xgroupDestroy(STREAM, GROUP.name());
    await().atMost(SOON).until(() -> !redis.xinfoGroups(STREAM).isEmpty());
    await().during(Duration.ofMillis(400)).atMost(SOON).until(() -> !premature.get());
    release.countDown();
    awaitHandled(0, 1);
    assertThat(premature).isFalse();
    await().atMost(SOON).until(() -> unsettled() == 0);
  }

  /** Thirty waits of 20 ms. The reader has nothing else to do, and comes round by itself once in a second: in half a minute. */
  @Test
  void what_waits_for_a_retry_waits_no_longer_than_it_was_told() {
    var attempts = new AtomicInteger();
    messaging(with(PATIENT.withRetries(100, Duration.ofSeconds(1), Duration.ofSeconds(1)))).subscriber()
        .subscribe(created(),
            delivery -> attempts.incrementAndGet() <= 30
                ? new Outcome.Retry(Optional.of(Duration.ofMillis(20)), "not yet")
                : settling.handle(delivery));
    add(0, 1);
    await().atMost(Duration.ofSeconds(15)).until(() -> handled.size() == 1);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  private String addOfOneKey(String email) {
    return redis.xadd(STREAM, "type", "user_created", "userId", "one", "email", email);
  }

  /** The present owner has to learn that it was gone. */
  @Test
  void a_group_that_is_gone_is_not_made_again_by_one_who_was_robbed_of_the_partition() {
    messaging(with(PATIENT)).subscriber().subscribe(created(), settling);
    add(0, 1);
    awaitHandled(0, 1);
    redis.eval("redis.call('HSET', KEYS[2], 'owner', 'robber', 'until', '9999999999999')"
        + " redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])", ScriptOutputType.STATUS,
        new String[]{STREAM, lease()}, GROUP.name());
    await().during(LEASE.multipliedBy(4)).atMost(SOON).until(() -> redis.xinfoGroups(STREAM).isEmpty());
    redis.hset(lease(), "until", "0");
    add(1, 1);
    awaitHandled(1, 1);
  }

  /** What was settled while Redis was asked for what is pending is told of before that answer is looked at. */
  @Test
  void what_is_settled_while_all_that_is_pending_is_looked_through_is_not_handled_again() throws Exception {
    int count = 2_000;
    add(0, count);
    Set<UserId> twice = ConcurrentHashMap.newKeySet();
    var rung = new AtomicInteger();
    var done = new AtomicBoolean();
    Thread news = Thread.startVirtualThread(() -> {
      while (!done.get()) {
        redis.hincrby(lease(), "news", 1);
        rung.incrementAndGet();
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
    });
    try {
      messaging(with(PATIENT)).subscriber().subscribe(created(), delivery -> {
        UserId id = delivery.event().userId();
        if (handled.contains(id.value())) {
          twice.add(id);
        }
        return settling.handle(delivery);
      });
      awaitHandled(0, count);
    } finally {
      done.set(true);
      news.join();
    }
    assertThat(twice).isEmpty();
    assertThat(rung).as("times that there were news").hasValueGreaterThan(1);
  }

  private static String lease() {
    return new Keys(STREAM).lease(GROUP);
  }

  /** What it renews is its partition's lease; nobody else may join here, who could be given the partition. */
  @Override
  @Test
  void leases_are_renewed_after_an_error_in_the_upkeep() {
    var release = new CountDownLatch(1);
    var entered = new CountDownLatch(1);
    messaging(settings()).subscriber().subscribe(created(), holding(entered, release));
    Keys keys = Keys.of(created().topic());
    await().atMost(SOON).until(() -> redis.exists(STREAM) == 1);
    try (var failing = new FailingOnce(Journal.class, "is gone")) {
      redis.zadd(keys.consumers(GROUP), 1, "somebody who is gone");
      await().atMost(SOON).until(failing::hasFailed);
    }
    add(0, 1);
    await().atMost(SOON).until(() -> entered.getCount() == 0);
    String fence = redis.hget(keys.lease(GROUP), "fence");
    await().during(LEASE.multipliedBy(3)).atMost(SOON).until(() -> {
      long until = Long.parseLong(redis.hget(keys.lease(GROUP), "until"));
      return until > System.currentTimeMillis() && fence.equals(redis.hget(keys.lease(GROUP), "fence"));
    });
    release.countDown();
    awaitHandled(0, 1);
  }

  /** One that runs has all that it needs, and ends as any other. */
  @Override
  @Test
  void what_is_deleted_while_its_handler_runs_is_reported_as_lost_and_stops_nothing() {
    var running = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    messaging(settings()).subscriber().subscribe(created(), holding(running, release));
    add(0, 1);
    await().atMost(SOON).until(() -> running.getCount() == 0);
    redis.xdel(STREAM, redis.xrange(STREAM, Range.unbounded()).getFirst().getId());
    release.countDown();
    add(1, 20);
    awaitHandled(0, 21);
    await().atMost(SOON).until(() -> unsettled() == 0);
  }

  @Test
  void what_is_deleted_while_it_waits_for_its_retry_is_lost_and_stops_nothing() {
    var attempts = new AtomicInteger();
    messaging(settings()).subscriber().subscribe(created(), delivery -> {
      if (delivery.event().userId().equals(new UserId("0"))) {
        attempts.incrementAndGet();
        // Long enough to be deleted meanwhile.
        return new Outcome.Retry(Optional.of(Duration.ofSeconds(2)), "later");
      }
      return settling.handle(delivery);
    });
    add(0, 1);
    await().atMost(SOON).until(() -> attempts.get() == 1);
    redis.xdel(STREAM, redis.xrange(STREAM, Range.unbounded()).getFirst().getId());
    add(1, 20);
    awaitHandled(1, 20);
    await().atMost(SOON).until(() -> unsettled() == 0);
    assertThat(attempts).hasValue(1);
  }

  /** Of several, one has the only partition. */
  @Override
  @Test
  void an_orderly_end_leaves_no_consumer_in_the_group() {
    RedisMessaging messaging = messaging(settings());
    Subscription first = messaging.subscriber().subscribe(created(), settling);
    messaging.subscriber().subscribe(created(), settling);
    add(0, 50);
    awaitHandled(0, 50);
    first.close();
    add(50, 50);
    awaitHandled(50, 50);
    messaging.close();
    assertThat(redis.xinfoConsumers(STREAM, GROUP.name())).isEmpty();
    assertThat(redis.xinfoGroups(STREAM)).hasSize(1);
    assertThat(redis.zcard(Keys.members(created().topic(), GROUP))).isZero();
  }

  @Test
  void a_redrive_shows_how_far_it_is_and_leaves_nothing_behind() {
    var broken = new AtomicBoolean(true);
    List<Set<String>> holders = new CopyOnWriteArrayList<>();
    RedisMessaging messaging = messaging(settings());
    messaging.subscriber().subscribe(created(), delivery -> {
      if (broken.get()) {
        return new Outcome.Rejected("broken");
      }
      holders.add(redis.xpending(STREAM, GROUP.name()).getConsumerMessageCount().keySet());
      return settling.handle(delivery);
    });
    Keys keys = Keys.of(created().topic());
    add(0, 6);
    await().atMost(SOON).until(() -> redis.xlen(keys.dead(GROUP)) == 6);
    broken.set(false);
    redriveAll(messaging, 4);
    awaitHandled(0, 6);
    assertThat(holders.getFirst()).as("who had what was pending when the first came").contains("redriven");
    await().atMost(SOON).until(() -> unsettled() == 0);
    assertThat(redis.zcard(keys.due(GROUP))).isZero();
  }

  /** One who joins may be given the only partition, and be gone before it was handed over. */
  @Test
  void a_partition_that_was_on_its_way_to_one_who_left_again_is_read_on() {
    var release = new CountDownLatch(1);
    var entered = new CountDownLatch(1);
    messaging(with(DELIVERIES.withGrace(SOON))).subscriber().subscribe(created(), holding(entered, release));
    add(0, 1);
    await().atMost(SOON).until(() -> entered.getCount() == 0);
    for (int i = 0; i < 6; i++) {
      Subscription visitor = messaging(settings()).subscriber().subscribe(created(), settling);
      await().atMost(SOON).until(() -> redis.zcard(Keys.members(created().topic(), GROUP)) == 2);
      await().during(LEASE).atMost(SOON).until(() -> true);
      visitor.close();
    }
    release.countDown();
    add(1, 20);
    awaitHandled(0, 21);
  }

  @Test
  void what_a_stranger_has_had_for_longer_than_a_lease_is_taken_over() {
    messaging(settings()).subscriber().subscribe(created(), settling);
    add(0, 1);
    awaitHandled(0, 1);
    redis.multi();
    add(1, 3);
    readAs("stranger");
    redis.exec();
    awaitHandled(1, 3);
    await().atMost(SOON).until(() -> unsettled() == 0);
  }

  @Test
  void what_a_stranger_has_is_his_for_a_lease() {
    messaging(with(PATIENT)).subscriber().subscribe(created(), settling);
    add(0, 1);
    awaitHandled(0, 1);
    redis.multi();
    add(1, 3);
    readAs("stranger");
    redis.exec();
    // Another process looks through all that is pending when it takes over.
    messaging(with(PATIENT)).subscriber().subscribe(created(), settling);
    add(4, 20);
    awaitHandled(4, 20);
    await().atMost(SOON).until(() -> unsettled() == 3);
    assertThat(handled).doesNotContain("1", "2", "3");
    redis.del(STREAM);
  }

  @SuppressWarnings("unchecked")
  private void readAs(String consumer) {
    var _ = redis.xreadgroup(Consumer.from(GROUP.name(), consumer), XReadArgs.StreamOffset.lastConsumed(STREAM));
  }
}
