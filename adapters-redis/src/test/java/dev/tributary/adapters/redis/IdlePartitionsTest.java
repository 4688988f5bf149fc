package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many partitions in which nothing happens: they cost next to nothing, and what others leave there is found all the same. */
class IdlePartitionsTest {

  private static final int COUNT = 64;
  private static final Partitioning PARTITIONING = new Partitioning(COUNT);
  private static final Group GROUP = new Group("idle-group");
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Set<String> handled = ConcurrentHashMap.newKeySet();
  private Raw raw;

  @BeforeEach
  void start() {
    raw = new Raw(TestRedis.shared().url());
    raw.redis().flushall();
  }

  @AfterEach
  void stop() {
    raw.close();
  }

  @Test
  void what_is_looked_for_where_nothing_is_pending_is_asked_for_and_no_script_runs() {
    try (RedisMessaging _ = subscribed(LONG)) {
      awaitLooks(1);
      long scripts = calls("evalsha");
      awaitLooks(3);
      assertThat(calls("evalsha") - scripts).isLessThan(COUNT);
    }
  }

  @Test
  void what_a_dead_process_had_is_taken_over_wherever_it_lies() {
    Duration lease = GroupConsumerTest.LEASE;
    try (RedisMessaging _ = subscribed(lease)) {
      awaitLooks(2);
      List<String> users = IntStream.of(0, 37, 63).mapToObj(IdlePartitionsTest::userOf).toList();
      raw.redis().multi();
      users.forEach(this::readByOneWhoDies);
      raw.redis().exec();
      await().atMost(SOON).until(() -> handled.containsAll(users));
    }
  }

  private static String userOf(int partition) {
    return IntStream.iterate(0, number -> number + 1)
        .mapToObj(number -> "user-" + number)
        .filter(user -> PARTITIONING.of(user) == partition)
        .findFirst()
        .orElseThrow();
  }

  @SuppressWarnings("unchecked")
  private void readByOneWhoDies(String user) {
    String stream = Keys.of(UserEvent.TOPIC, PARTITIONING.of(user), PARTITIONING).stream();
    raw.redis().xadd(stream, "type", "user_created", "userId", user, "email", user + "@example.com");
    var _ = raw.redis().xreadgroup(Consumer.from(GROUP.name(), "dead"), XReadArgs.StreamOffset.lastConsumed(stream));
  }

  private RedisMessaging subscribed(Duration lease) {
    var settings = new RedisSettings(TestRedis.shared().productUrl(), GroupConsumerTest.DELIVERIES.withLease(lease),
        Retention.DEFAULT, 0, PARTITIONING);
    RedisMessaging messaging = RedisMessaging.open(settings);
    var _ = messaging.subscriber()
        .subscribe(new SubscriptionSpec<>(UserEvent.TOPIC, GROUP, UserCreated.class), delivery -> {
          handled.add(delivery.event().userId().value());
          return Outcome.SETTLED;
        });
    return messaging;
  }

  /** Until each partition was asked that many times more; but for one, which is claimed from in any case. */
  private void awaitLooks(int times) {
    long before = calls("xpending");
    await().atMost(SOON).until(() -> calls("xpending") - before >= (long) times * COUNT);
  }

  private long calls(String command) {
    return Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
        .matcher(raw.redis().info("commandstats"))
        .results()
        .map((MatchResult found) -> Long.parseLong(found.group(1)))
        .findFirst()
        .orElse(0L);
  }
}
