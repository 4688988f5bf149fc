package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.Doctor;
import dev.tributary.application.Groups;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the doctor finds in a real Redis that is ill, and that it leaves it as it is. */
class RedisDoctorTest {

  private static final String STREAM = UserEvent.TOPIC.name();
  private static final String GROUP = Groups.EMAIL_PROCESSORS.group().name();
  private static final Keys KEYS = Keys.of(UserEvent.TOPIC);

  private Raw raw;
  private RedisCommands<String, String> redis;
  private RedisMessaging messaging;

  @BeforeEach
  void connect() {
    raw = new Raw(TestRedis.shared().url());
    redis = raw.redis();
    redis.flushall();
    messaging = RedisMessaging.openToExamine(RedisHarness.settings());
    // Health has less patience than a first connection needs on a busy machine.
    await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
  }

  @AfterEach
  void disconnect() {
    messaging.close();
    raw.close();
  }

  @Test
  void an_empty_redis_lacks_its_groups_and_is_left_empty() {
    assertThat(findings()).filteredOn(what -> what.contains("has never started")).hasSize(4);
    assertThat(redis.dbsize()).isZero();
  }

  @Test
  void looking_changes_nothing() {
    publish(0, 5);
    make("0");
    read("one", 3);
    redis.zadd(KEYS.consumers(Groups.EMAIL_PROCESSORS.group()), 1, "one");
    letter(System.currentTimeMillis());
    Map<String, String> before = contents();
    assertThat(findings()).isNotEmpty();
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void ghosts_are_counted() {
    publish(0, 5);
    make("0");
    read("one", 4);
    redis.xdel(STREAM, ids().get(1), ids().get(2));
    assertThat(findings()).anySatisfy(what -> assertThat(what).contains(GROUP, "2 pending entries were deleted"));
  }

  @Test
  void a_group_that_started_late_is_found_out_also_after_it_has_read() {
    publish(0, 3);
    make("$");
    publish(3, 2);
    assertThat(findings()).anySatisfy(
        what -> assertThat(what).contains(GROUP, "the oldest 3 bear no mark", "it started behind them"));
    read("one", 1);
    assertThat(findings()).anySatisfy(what -> assertThat(what).contains("the oldest 3 bear no mark"));
  }

  @Test
  void what_was_handled_given_up_or_waits_was_not_skipped() {
    publish(0, 3);
    make("0");
    read("one", 3);
    redis.zadd(KEYS.handled(Groups.EMAIL_PROCESSORS.group()), 1, new UUID(7, 0).toString());
    redis.xack(STREAM, GROUP, ids().get(0), ids().get(1));
    redis.xadd(KEYS.dead(Groups.EMAIL_PROCESSORS.group()), "entryId", ids().get(1));
    assertThat(findings()).noneMatch(what -> what.contains("bear no mark"));
    // The mark was all that spoke for the first.
    redis.del(KEYS.handled(Groups.EMAIL_PROCESSORS.group()));
    assertThat(findings()).anySatisfy(what -> assertThat(what).contains("the oldest 1 bear no mark"));
  }

  @Test
  void a_stranger_in_our_group_is_found_out() {
    publish(0, 2);
    make("0");
    read("worker-1", 1);
    assertThat(findings()).anySatisfy(what -> assertThat(what).contains(GROUP, "worker-1 is not one of ours"));
    redis.zadd(KEYS.consumers(Groups.EMAIL_PROCESSORS.group()), (double) System.currentTimeMillis(), "worker-1");
    assertThat(findings()).noneMatch(what -> what.contains("not one of ours"));
  }

  @Test
  void dead_letters_that_grow_are_told_apart_from_old_ones() {
    publish(0, 1);
    make("0");
    letter(System.currentTimeMillis() - 3_600_000);
    assertThat(findings()).anySatisfy(what -> assertThat(what).endsWith(": 1 dead letters"));
    letter(System.currentTimeMillis() - 1000);
    assertThat(findings())
        .anySatisfy(what -> assertThat(what).contains("2 dead letters, 1 of them from the last 10 min"));
  }

  @Test
  void an_id_ahead_of_the_clock_and_a_strangers_group_are_told_of() {
    redis.xadd(STREAM, new XAddArgs().id("99999999999999-0"), "a", "b");
    redis.xgroupCreate(XReadArgs.StreamOffset.from(STREAM, "0"), "audit");
    assertThat(findings()).anySatisfy(what -> assertThat(what).contains("99999999999999-0 is ahead of the clock"))
        .anySatisfy(
            what -> assertThat(what).contains("audit on user-events is not a group of this product, with a lag of 1"));
  }

  private List<String> findings() {
    List<Doctor.Finding> findings = new Doctor(messaging, Groups.DECLARED, InstantSource.system()).examine();
    assertThat(findings).allSatisfy(finding -> assertThat(finding.remedy()).isNotBlank());
    return findings.stream().map(Doctor.Finding::what).toList();
  }

  private Map<String, String> contents() {
    var contents = new TreeMap<String, String>();
    redis.keys("*").forEach(key -> contents.put(key, Arrays.toString(redis.dump(key))));
    return contents;
  }

  private void publish(int from, int count) {
    List<Recorded<UserEvent>> events = IntStream.range(from, from + count)
        .mapToObj(i -> new Recorded<UserEvent>(new EventId(new UUID(7, i)), Instant.ofEpochMilli(1000),
            new UserCreated(new UserId("user-" + i), new EmailAddress(i + "@example.com"), Optional.empty())))
        .toList();
    messaging.publisher().publish(UserEvent.TOPIC, events);
  }

  private void make(String start) {
    redis.xgroupCreate(XReadArgs.StreamOffset.from(STREAM, start), GROUP, XGroupCreateArgs.Builder.mkstream());
  }

  @SuppressWarnings("unchecked")
  private void read(String consumer, int count) {
    var _ = redis.xreadgroup(Consumer.from(GROUP, consumer), XReadArgs.Builder.count(count),
        XReadArgs.StreamOffset.lastConsumed(STREAM));
  }

  private List<String> ids() {
    return redis.xrange(STREAM, Range.unbounded()).stream().map(StreamMessage::getId).toList();
  }

  private void letter(long millis) {
    redis.xadd(KEYS.dead(Groups.EMAIL_PROCESSORS.group()), new XAddArgs().id(millis + "-0"), "entryId", "1-1");
  }
}
