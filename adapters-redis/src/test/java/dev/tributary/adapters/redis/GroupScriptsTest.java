package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters.Pace;
import dev.tributary.application.DeadLetters.Redriven;
import dev.tributary.application.DeadLetters.Selection;
import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.application.DerivedId;
import dev.tributary.application.Failure;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.eventjson.EventCodec;
import dev.tributary.messaging.contract.Tally;
import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scripts that make, tend and trim groups and redrive their dead letters, on a real server, with ids that no clock gave. */
class GroupScriptsTest {

  private static final Keys KEYS = Keys.of(UserEvent.TOPIC);
  private static final String STREAM = KEYS.stream();
  private static final Group GROUP = new Group("group-one");
  private static final Group OTHER = new Group("group-two");
  private static final Duration LEASE = Duration.ofMillis(100);
  private static final Pace PACE = Pace.perSecond(50);
  private static final Failure FAILURE = new Failure("why", "Why", Optional.empty());

  private final Tally tally = new Tally();
  private Raw raw;
  private RedisCommands<String, String> redis;
  private Connections connections;
  private Partitions partitions;

  @BeforeEach
  void open() {
    raw = new Raw(TestRedis.shared().url());
    redis = raw.redis();
    redis.flushall();
    connections = new Connections(TestRedis.shared().productUrl());
    // Notes the number of partitions, which is then no change of any script.
    var _ = connections.shared();
    partitions = new Partitions(connections, Partitioning.ONE);
  }

  @AfterEach
  void close() {
    connections.close();
    raw.close();
  }

  // Making a group.

  @Test
  void a_new_group_starts_at_the_first_entry_and_is_no_gap() {
    add("1-0");
    assertThat(reader(GROUP).ensureGroup()).isEmpty();
    assertThat(lastDelivered(GROUP)).isEqualTo("0-0");
  }

  @Test
  void a_group_that_is_there_stays_as_it_is() {
    make(GROUP, "0");
    add("1-0", "2-0");
    read(GROUP, "ours", 1);
    assertThat(reader(GROUP).ensureGroup()).isEmpty();
    assertThat(lastDelivered(GROUP)).isEqualTo("1-0");
  }

  @Test
  void a_group_that_vanished_goes_on_at_its_checkpoint() {
    make(GROUP, "0");
    add("1-0", "2-0", "3-0", "4-0");
    read(GROUP, "ours", 3);
    redis.xack(STREAM, GROUP.name(), "1-0");
    entries(GROUP, "ours").tend();
    redis.xgroupDestroy(STREAM, GROUP.name());
    assertThat(reader(GROUP).ensureGroup()).contains(new Joining.Gap(STREAM, "1-0", "1-0 4"));
    assertThat(lastDelivered(GROUP)).isEqualTo("1-0");
  }

  @Test
  void a_group_that_has_not_settled_the_first_entry_goes_on_at_it() {
    make(GROUP, "0");
    add("1-0", "2-0");
    read(GROUP, "ours", 2);
    redis.xack(STREAM, GROUP.name(), "2-0");
    entries(GROUP, "ours").tend();
    redis.xgroupDestroy(STREAM, GROUP.name());
    assertThat(reader(GROUP).ensureGroup()).contains(new Joining.Gap(STREAM, "0-0", "0-0 2"));
  }

  @Test
  void a_group_that_had_settled_all_goes_on_behind_it() {
    make(GROUP, "0");
    add("1-0", "2-0");
    read(GROUP, "ours", 2);
    redis.xack(STREAM, GROUP.name(), "1-0", "2-0");
    entries(GROUP, "ours").tend();
    redis.xgroupDestroy(STREAM, GROUP.name());
    assertThat(reader(GROUP).ensureGroup()).extracting(Joining.Gap::start).contains("2-0");
  }

  @Test
  void of_a_stream_that_was_replaced_the_checkpoint_says_nothing() {
    make(GROUP, "0");
    add("5-0", "6-0");
    read(GROUP, "ours", 2);
    redis.xack(STREAM, GROUP.name(), "5-0", "6-0");
    entries(GROUP, "ours").tend();
    redis.del(STREAM);
    add("3-0", "7-0");
    redis.xdel(STREAM, "7-0");
    redis.xtrim(STREAM, 1);
    assertThat(reader(GROUP).ensureGroup()).as("the id is beyond the checkpoint, and the count is equal")
        .extracting(Joining.Gap::start)
        .contains("6-0");
    redis.del(STREAM);
    add("7-0");
    assertThat(reader(GROUP).ensureGroup()).as("fewer entries than there were")
        .extracting(Joining.Gap::start)
        .contains("0-0");
    redis.del(STREAM);
    add("1-0", "2-0", "3-0");
    assertThat(reader(GROUP).ensureGroup()).as("lower ids than there were")
        .extracting(Joining.Gap::start)
        .contains("0-0");
  }

  @Test
  void of_a_group_that_was_set_back_the_checkpoint_says_no_more_than_its_position() {
    make(GROUP, "0");
    add("1-0", "2-0", "3-0");
    read(GROUP, "ours", 3);
    redis.xack(STREAM, GROUP.name(), "1-0", "2-0");
    redis.xgroupSetid(XReadArgs.StreamOffset.from(STREAM, "1-0"), GROUP.name());
    entries(GROUP, "ours").tend();
    redis.xgroupDestroy(STREAM, GROUP.name());
    assertThat(reader(GROUP).ensureGroup()).extracting(Joining.Gap::start).contains("1-0");
  }

  @Test
  void ids_of_64_bits_are_compared_as_such() {
    make(GROUP, "0");
    add("18446744073709551614-18446744073709551613");
    read(GROUP, "ours", 1);
    redis.xack(STREAM, GROUP.name(), "18446744073709551614-18446744073709551613");
    entries(GROUP, "ours").tend();
    redis.xgroupDestroy(STREAM, GROUP.name());
    assertThat(reader(GROUP).ensureGroup()).extracting(Joining.Gap::start)
        .contains("18446744073709551614-18446744073709551613");
  }

  @Test
  void without_a_checkpoint_only_who_knew_the_group_sees_a_gap() {
    make(GROUP, "0");
    GroupReader knowing = reader(GROUP);
    assertThat(knowing.ensureGroup()).isEmpty();
    redis.flushall();
    knowing.doubt();
    assertThat(knowing.ensureGroup()).contains(new Joining.Gap(STREAM, "0-0", ""));
  }

  @Test
  void what_waited_for_a_retry_in_a_group_that_vanished_is_forgotten() {
    make(GROUP, "0");
    add("1-0");
    read(GROUP, "ours", 1);
    entries(GROUP, "ours").retry(delivered("1-0"), Duration.ofMinutes(1));
    redis.xgroupDestroy(STREAM, GROUP.name());
    reader(GROUP).ensureGroup();
    assertThat(redis.exists(KEYS.due(GROUP), KEYS.retry(GROUP))).isZero();
  }

  // Tending it.

  @Test
  void a_consumer_that_is_gone_is_removed_only_when_nothing_is_pending_for_it() {
    make(GROUP, "0");
    add("1-0");
    read(GROUP, "gone", 1);
    assertThat(entries(GROUP, "gone").tend()).isEmpty();
    double sign = redis.zscore(KEYS.consumers(GROUP), "gone");
    await().until(() -> serverMillis() - sign > LEASE.multipliedBy(2).toMillis());
    assertThat(entries(GROUP, "ours").tend()).as("while it has something pending").isEmpty();
    redis.xack(STREAM, GROUP.name(), "1-0");
    assertThat(entries(GROUP, "ours").tend()).containsExactly("gone");
    assertThat(redis.zrange(KEYS.consumers(GROUP), 0, -1)).containsExactly("ours");
    assertThat(redis.xinfoConsumers(STREAM, GROUP.name())).isEmpty();
  }

  @Test
  void one_who_had_the_partition_and_left_is_removed_as_soon_as_its_late_read_is_taken_over() {
    make(GROUP, "0");
    add("1-0");
    redis.zadd(KEYS.former(GROUP), 1, "late");
    read(GROUP, "late", 1);
    assertThat(entries(GROUP, "ours").tend()).as("while it has something pending").isEmpty();
    redis.xack(STREAM, GROUP.name(), "1-0");
    assertThat(entries(GROUP, "ours").tend()).containsExactly("late");
    assertThat(redis.xinfoConsumers(STREAM, GROUP.name())).isEmpty();
  }

  @Test
  void a_fenced_delivery_comes_again_where_it_is_pending_or_yet_to_be_delivered() {
    PendingEntries ours = entries(GROUP, "ours");
    make(GROUP, "0");
    add("1-0", "2-0");
    read(GROUP, "ours", 1);
    assertThat(ours.comesAgain(new Lease("1-0", 1))).as("it is pending for us").isTrue();
    assertThat(ours.comesAgain(new Lease("2-0", 1))).as("it is behind the group's position").isTrue();
    read(GROUP, "other", 1);
    assertThat(ours.comesAgain(new Lease("2-0", 1))).as("it is pending for another").isTrue();
    redis.xack(STREAM, GROUP.name(), "1-0");
    assertThat(ours.comesAgain(new Lease("1-0", 1))).as("it is settled").isFalse();
    redis.xgroupDestroy(STREAM, GROUP.name());
    assertThat(ours.comesAgain(new Lease("1-0", 1))).as("the group has to be made again").isTrue();
    redis.del(STREAM);
    assertThat(ours.comesAgain(new Lease("1-0", 1))).as("and so has the stream").isTrue();
  }

  @Test
  void a_consumer_is_known_before_it_reads_its_first_entry() {
    reader(GROUP).ensureGroup();
    assertThat(redis.zrange(KEYS.consumers(GROUP), 0, -1)).containsExactly("ours");
  }

  @Test
  void a_stranger_that_gave_no_sign_of_life_has_longer() {
    make(GROUP, "0");
    add("1-0");
    read(GROUP, "stranger", 1);
    redis.xack(STREAM, GROUP.name(), "1-0");
    assertThat(entries(GROUP, "ours").tend()).isEmpty();
    Script.TEND.call(connections,
        List.of(STREAM, KEYS.consumers(GROUP), KEYS.checkpoint(GROUP), KEYS.former(GROUP)), GROUP.name(), "ours",
        "100000", "-1");
    assertThat(redis.xinfoConsumers(STREAM, GROUP.name())).isEmpty();
  }

  @Test
  void without_the_group_nothing_is_noted() {
    add("1-0");
    assertThatThrownBy(() -> entries(GROUP, "ours").tend()).hasMessageContaining("lost the group");
    assertThat(redis.keys("*")).containsExactlyInAnyOrder(STREAM, Keys.PARTITIONS);
  }

  // Trimming.

  @Test
  void only_what_every_declared_group_has_settled_goes() {
    make(GROUP, "0");
    make(OTHER, "0");
    add("1-0", "2-0", "3-0", "4-0", "5-0");
    settle(GROUP, "1-0", "2-0", "3-0", "4-0");
    read(OTHER, "theirs", 3);
    redis.xack(STREAM, OTHER.name(), "1-0", "3-0");
    trim(Duration.ofDays(1));
    assertThat(ids()).as("2-0 is pending").containsExactly("2-0", "3-0", "4-0", "5-0");
    redis.xack(STREAM, OTHER.name(), "2-0");
    trim(Duration.ofDays(1));
    assertThat(ids()).as("4-0 was not delivered to the other").containsExactly("4-0", "5-0");
    settle(OTHER, "4-0", "5-0");
    settle(GROUP, "5-0");
    trim(Duration.ofDays(1));
    assertThat(ids()).isEmpty();
    assertThat(redis.xinfoGroups(STREAM)).hasSize(2);
  }

  @Test
  void what_is_younger_than_the_retention_stays() {
    make(GROUP, "0");
    make(OTHER, "0");
    add("1-0");
    String young = redis.xadd(STREAM, "a", "b");
    String ahead = "18446744073709551614-0";
    add(ahead);
    settle(GROUP, "1-0", young, ahead);
    settle(OTHER, "1-0", young, ahead);
    trim(Duration.ofDays(1));
    assertThat(ids()).containsExactly(young, ahead);
  }

  @Test
  void a_group_that_was_set_back_holds_everything() {
    make(GROUP, "0");
    make(OTHER, "0");
    add("1-0", "2-0");
    settle(GROUP, "1-0", "2-0");
    settle(OTHER, "1-0", "2-0");
    redis.xgroupSetid(XReadArgs.StreamOffset.from(STREAM, "0"), OTHER.name());
    trim(Duration.ofDays(1));
    assertThat(ids()).containsExactly("1-0", "2-0");
  }

  @Test
  void without_a_declared_group_nothing_goes_and_that_is_said() {
    make(GROUP, "0");
    add("1-0");
    settle(GROUP, "1-0");
    Trimming trimming = trimming(Duration.ofDays(1));
    assertThat(trimming.trim(UserEvent.TOPIC, KEYS)).isFalse();
    assertThat(ids()).containsExactly("1-0");
    assertThat(trimming.refusals()).singleElement().asString().contains(STREAM, OTHER.name());
    make(OTHER, "0");
    settle(OTHER, "1-0");
    trimming.trim(UserEvent.TOPIC, KEYS);
    assertThat(ids()).isEmpty();
    assertThat(trimming.refusals()).isEmpty();
  }

  @Test
  void a_step_is_bounded_and_says_that_there_is_more() {
    make(GROUP, "0");
    make(OTHER, "0");
    String[] ids = IntStream.rangeClosed(1, 500).mapToObj(i -> i + "-0").toArray(String[]::new);
    add(ids);
    settle(GROUP, ids);
    settle(OTHER, ids);
    Trimming trimming = trimming(Duration.ofDays(1));
    assertThat(trimming.trim(UserEvent.TOPIC, KEYS)).isTrue();
    assertThat(ids()).hasSize(300);
    assertThat(trimming.trim(UserEvent.TOPIC, KEYS)).isTrue();
    assertThat(trimming.trim(UserEvent.TOPIC, KEYS)).isFalse();
    assertThat(ids()).isEmpty();
  }

  @Test
  void a_mark_lives_as_long_as_the_entry_that_it_guards() {
    make(GROUP, "0");
    make(OTHER, "0");
    add("1000-0", "2000-0");
    settle(GROUP, "1000-0", "2000-0");
    redis.zadd(KEYS.handled(GROUP), 500, "before");
    redis.zadd(KEYS.handled(GROUP), 1000, "of the first");
    redis.zadd(KEYS.handled(GROUP), 2000, "of the second");
    redis.zadd(KEYS.requests(), 1000, "request");
    redis.zadd(KEYS.published(), 1000, "published");
    trim(Duration.ofDays(1));
    assertThat(redis.zrange(KEYS.handled(GROUP), 0, -1)).containsExactly("of the first", "of the second");
    assertThat(redis.exists(KEYS.requests(), KEYS.published())).isZero();
    settle(OTHER, "1000-0");
    trim(Duration.ofDays(1));
    assertThat(redis.zrange(KEYS.handled(GROUP), 0, -1)).containsExactly("of the second");
  }

  @Test
  void the_mark_of_an_entry_that_is_ahead_of_the_clock_is_not_older_than_it() {
    make(GROUP, "0");
    add("9000000000000-0");
    read(GROUP, "ours", 1);
    UUID cause = DerivedId.of("cause");
    PendingEntries ours = entries(GROUP, "ours");
    CompletableFuture<Verdict> settled = ours.settle(delivered("9000000000000-0"), Optional.of(cause), Work.NONE);
    ours.flush();
    assertThat(ours.verdict(settled)).isInstanceOf(Verdict.Committed.class);
    assertThat(redis.zscore(KEYS.handled(GROUP), cause.toString())).isEqualTo(9_000_000_000_000.0);
  }

  @Test
  void dead_letters_go_when_they_are_older_than_the_retention_and_that_is_counted() {
    make(GROUP, "0");
    make(OTHER, "0");
    redis.xadd(KEYS.dead(GROUP), new XAddArgs().id("5-0"), "entryId", "1-0");
    String young = redis.xadd(KEYS.dead(GROUP), "entryId", "2-0");
    trim(Duration.ofDays(1));
    assertThat(redis.xrange(KEYS.dead(GROUP), Range.unbounded())).extracting(StreamMessage::getId)
        .containsExactly(young);
    assertThat(tally.of(Happening.DEAD_LETTER_EXPIRED)).isOne();
  }

  // Redriving.

  @Test
  void a_redriven_entry_is_pending_for_its_group_alone_and_due_at_once() {
    make(GROUP, "0");
    make(OTHER, "0");
    add("1-0");
    settle(OTHER, "1-0");
    bury("1-0");
    assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, all(), PACE)).isEqualTo(new Redriven(1, 1));
    assertThat(redis.xlen(KEYS.dead(GROUP))).isZero();
    assertThat(entries(GROUP, "ours").claim(10, true).deliveries()).singleElement()
        .satisfies(delivered -> assertThat(delivered.lease().entryId()).isEqualTo("1-0"))
        .satisfies(delivered -> assertThat(delivered.attempt()).isOne());
    assertThat(redis.xpending(STREAM, OTHER.name()).getCount()).isZero();
    assertThat(ids()).containsExactly("1-0");
  }

  @Test
  void a_redriven_entry_that_has_left_the_stream_is_appended_again_for_its_group_alone() throws Exception {
    make(GROUP, "0");
    add("1-0");
    read(GROUP, "ours", 1);
    redis.xadd(STREAM, new XAddArgs().id("2-0"),
        Map.of("type", "user_created", "userId", "7", "email", "7@example.com"));
    read(GROUP, "ours", 1);
    Entry original = new Entry("2-0", fields("type", "user_created", "userId", "7", "email", "7@example.com"));
    entries(GROUP, "ours").bury(delivered("2-0"), 3, FAILURE, Optional.empty());
    redis.xdel(STREAM, "2-0");
    assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, all(), PACE)).isEqualTo(new Redriven(1, 1));
    StreamMessage<String, String> again = redis.xrevrange(STREAM, Range.unbounded()).getFirst();
    assertThat(again.getBody()).containsEntry("redrive-group", GROUP.name()).containsEntry("userId", "7");
    var entry = new Entry(again.getId(), fields(again.getBody()));
    assertThat(entry.isForAnotherThan(GROUP)).isFalse();
    assertThat(entry.isForAnotherThan(OTHER)).isTrue();
    assertThat(EventCodec.decode(STREAM, entry, UserCreated.class).orElseThrow().id())
        .isEqualTo(EventCodec.decode(STREAM, original, UserCreated.class).orElseThrow().id());
  }

  /** Its letter is gone: nothing but the group's position would know of it. */
  @Test
  void what_is_redriven_outlives_its_group() {
    make(GROUP, "0");
    add("1-0", "2-0", "3-0");
    read(GROUP, "ours", 3);
    redis.xack(STREAM, GROUP.name(), "1-0", "3-0");
    assertThat(entries(GROUP, "ours").bury(delivered("2-0"), 3, FAILURE, Optional.empty())).isTrue();
    entries(GROUP, "ours").tend();
    assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, all(), PACE)).isEqualTo(new Redriven(1, 1));
    redis.xgroupDestroy(STREAM, GROUP.name());
    assertThat(reader(GROUP).ensureGroup()).contains(new Joining.Gap(STREAM, "1-0", "1-0 3"));
  }

  @Test
  void what_is_appended_again_twice_is_still_the_same_event() throws Exception {
    make(GROUP, "0");
    var fields = Map.of("type", "user_created", "userId", "7", "email", "7@example.com");
    redis.xadd(STREAM, new XAddArgs().id("2-0"), fields);
    bury("2-0");
    redis.xdel(STREAM, "2-0");
    for (int i = 0; i < 2; i++) {
      assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, all(), PACE)).isEqualTo(new Redriven(1, 1));
      String again = redis.xrevrange(STREAM, Range.unbounded()).getFirst().getId();
      bury(again);
      redis.xdel(STREAM, again);
    }
    assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, all(), PACE)).isEqualTo(new Redriven(1, 1));
    StreamMessage<String, String> last = redis.xrevrange(STREAM, Range.unbounded()).getFirst();
    assertThat(EventCodec.decode(STREAM, new Entry(last.getId(), fields(last.getBody())), UserCreated.class)
        .orElseThrow()
        .id()).isEqualTo(
            EventCodec.decode(STREAM, new Entry("2-0", fields(fields)), UserCreated.class).orElseThrow().id());
  }

  @Test
  void what_is_redriven_while_its_entry_is_pending_and_deleted_is_appended_again() {
    make(GROUP, "0");
    redis.xadd(STREAM, new XAddArgs().id("1-0"), Map.of("type", "user_created"));
    bury("1-0");
    redis.xgroupSetid(XReadArgs.StreamOffset.from(STREAM, "0"), GROUP.name());
    read(GROUP, "ours", 1);
    redis.xdel(STREAM, "1-0");
    assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, all(), PACE)).isEqualTo(new Redriven(1, 1));
    assertThat(redis.xrange(STREAM, Range.unbounded())).singleElement()
        .satisfies(entry -> assertThat(entry.getBody()).containsEntry("redrive-of", "1-0"));
  }

  @Test
  void the_same_redrive_twice_delivers_once() {
    make(GROUP, "0");
    add("1-0");
    bury("1-0");
    Set<EntryId> ids = Set.of(letters().list(UserEvent.TOPIC, 0, GROUP, EntryId.START, 10).getFirst().id());
    assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, new Selection.Ids(ids), PACE))
        .isEqualTo(new Redriven(1, 1));
    assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, new Selection.Ids(ids), PACE))
        .isEqualTo(new Redriven(0, 0));
    assertThat(redis.xpending(STREAM, GROUP.name()).getCount()).isOne();
  }

  @Test
  void what_is_redriven_is_due_one_after_the_other() {
    make(GROUP, "0");
    String[] ids = IntStream.rangeClosed(1, 450).mapToObj(i -> i + "-0").toArray(String[]::new);
    add(ids);
    read(GROUP, "ours", 450);
    IntStream.rangeClosed(1, 450)
        .forEach(i -> entries(GROUP, "ours").bury(delivered(i + "-0"), 3, FAILURE, Optional.empty()));
    assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, all(), PACE)).isEqualTo(new Redriven(450, 450));
    double first = redis.zscore(KEYS.due(GROUP), "1-0");
    assertThat(redis.zscore(KEYS.due(GROUP), "450-0") - first).isBetween(449 * 20.0, 449 * 20.0 + 1000);
    assertThat(redis.zcount(KEYS.due(GROUP), Range.create(first, first + 999))).isBetween(40L, 51L);
  }

  @Test
  void a_redrive_for_a_group_that_does_not_exist_is_refused() {
    assertThatThrownBy(() -> letters().redrive(UserEvent.TOPIC, 0, GROUP, all(), PACE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(GROUP.name());
  }

  @Test
  void a_letter_that_somebody_else_wrote_hides_no_other_and_stays() {
    make(GROUP, "0");
    redis.xadd(KEYS.dead(GROUP), "entryId", "none", "attempts", "many");
    add("1-0");
    bury("1-0");
    assertThat(letters().list(UserEvent.TOPIC, 0, GROUP, EntryId.START, 10)).extracting(DeadLetter::entryId)
        .containsExactly(EntryId.START, EntryId.parse("1-0"));
    assertThat(letters().redrive(UserEvent.TOPIC, 0, GROUP, all(), PACE)).isEqualTo(new Redriven(2, 1));
  }

  @Test
  void a_letter_tells_what_the_entry_said() {
    make(GROUP, "0");
    redis.xadd(STREAM, new XAddArgs().id("1-0"), "event", "{\"type\":\"user_created\",\"userId\":7}");
    read(GROUP, "ours", 1);
    entries(GROUP, "ours").bury(delivered("1-0"), 3, FAILURE, Optional.empty());
    DeadLetter letter = letters().list(UserEvent.TOPIC, 0, GROUP, EntryId.START, 10).getFirst();
    assertThat(letter.entryId()).isEqualTo(EntryId.parse("1-0"));
    assertThat(letter.type()).contains("user_created");
    assertThat(letter.key()).contains("7");
    assertThat(letter.fields()).containsOnlyKeys("event");
    assertThat(letter.attempts()).isEqualTo(3);
    assertThat(letter.reason()).isEqualTo("why");
    assertThat(letter.errorClass()).isEqualTo("Why");
  }

  // Helpers.

  private static Selection all() {
    return new Selection.Filter(Optional.empty(), Optional.empty(), Optional.empty());
  }

  private RedisDeadLetters letters() {
    return new RedisDeadLetters(connections, partitions);
  }

  private void bury(String id) {
    read(GROUP, "ours", 1);
    assertThat(entries(GROUP, "ours").bury(delivered(id), 3, FAILURE, Optional.empty())).isTrue();
  }

  private static Delivered delivered(String id) {
    return new Delivered(new Lease(id, 1), new Entry(id, Map.of()), 0);
  }

  private static Map<String, byte[]> fields(String... strings) {
    var fields = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < strings.length; i += 2) {
      fields.put(strings[i], Utf8.bytes(strings[i + 1]));
    }
    return fields;
  }

  private static Map<String, byte[]> fields(Map<String, String> strings) {
    var fields = new LinkedHashMap<String, byte[]>();
    strings.forEach((name, value) -> fields.put(name, Utf8.bytes(value)));
    return fields;
  }

  private void trim(Duration retention) {
    var _ = trimming(retention).trim(UserEvent.TOPIC, KEYS);
  }

  private Trimming trimming(Duration retention) {
    List<SubscriptionSpec<?>> declared = List.of(new SubscriptionSpec<>(UserEvent.TOPIC, GROUP, UserCreated.class),
        new SubscriptionSpec<>(UserEvent.TOPIC, OTHER, UserCreated.class));
    return new Trimming(connections, partitions, new Retention(retention, declared),
        new Journals(tally));
  }

  private GroupReader reader(Group group) {
    return new GroupReader(connections, List.of(KEYS), group, "ours");
  }

  private PendingEntries entries(Group group, String consumer) {
    return new PendingEntries(connections, partitions.of(UserEvent.TOPIC, 0), group, consumer, LEASE);
  }

  private void make(Group group, String start) {
    redis.xgroupCreate(XReadArgs.StreamOffset.from(STREAM, start), group.name(),
        XGroupCreateArgs.Builder.mkstream());
  }

  private void add(String... ids) {
    for (String id : ids) {
      redis.xadd(STREAM, new XAddArgs().id(id), "a", "b");
    }
  }

  private void settle(Group group, String... ids) {
    read(group, "settling", ids.length);
    redis.xack(STREAM, group.name(), ids);
  }

  @SuppressWarnings("unchecked")
  private void read(Group group, String consumer, int count) {
    var _ = redis.xreadgroup(Consumer.from(group.name(), consumer), XReadArgs.Builder.count(count),
        XReadArgs.StreamOffset.lastConsumed(STREAM));
  }

  private long serverMillis() {
    List<String> time = redis.time();
    return Long.parseLong(time.getFirst()) * 1000 + Long.parseLong(time.getLast()) / 1000;
  }

  private List<String> ids() {
    return redis.xrange(STREAM, Range.unbounded()).stream().map(StreamMessage::getId).toList();
  }

  private String lastDelivered(Group group) {
    for (Object info : redis.xinfoGroups(STREAM)) {
      var values = (List<?>) info;
      if (values.get(values.indexOf("name") + 1).equals(group.name())) {
        return String.valueOf(values.get(values.indexOf("last-delivered-id") + 1));
      }
    }
    return "none";
  }
}
