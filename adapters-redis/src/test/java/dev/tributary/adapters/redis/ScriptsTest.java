package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.CommitResult;
import dev.tributary.application.ConsumerStatus;
import dev.tributary.application.DerivedId;
import dev.tributary.application.Failure;
import dev.tributary.application.RequestId;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.TraceParent;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.Welcome;
import dev.tributary.domain.user.WelcomeEmailSent;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.PendingMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts, one by one, on a real server: what they check, and that they check before they write. */
class ScriptsTest {

  private static final Keys KEYS = Keys.of(UserEvent.TOPIC);
  private static final Group GROUP = new Group("scripts-group");
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);
  /** More than a claim looks at of one consumer at once. */
  private static final int MUCH = 10_500;
  private static final Failure FAILURE = new Failure("why", "Why", Optional.empty());

  private Raw raw;
  private RedisCommands<String, String> redis;
  private Connections connections;
  private Partition partition;
  private PendingEntries ours;

  @BeforeEach
  void open() {
    raw = new Raw(TestRedis.shared().url());
    redis = raw.redis();
    redis.flushall();
    redis.xgroupCreate(XReadArgs.StreamOffset.from(KEYS.stream(), "0"), GROUP.name(),
        XGroupCreateArgs.Builder.mkstream());
    connections = new Connections(TestRedis.shared().productUrl());
    // Notes the number of partitions, which is then no change of any script.
    var _ = connections.shared();
    partition = new Partitions(connections, Partitioning.ONE).of(UserEvent.TOPIC, 0);
    ours = entries("ours", LEASE);
  }

  @AfterEach
  void close() {
    connections.close();
    raw.close();
  }

  // Fences.

  /** How a delivery is lost. */
  static Stream<Arguments> losses() {
    return Stream.of(
        loss("to another consumer",
            (test, id) -> test.redis.xclaim(KEYS.stream(), Consumer.from(GROUP.name(), "thief"), 0, id)),
        loss("to another consumer, which was not handed it yet",
            (test, id) -> test.redis.xclaim(KEYS.stream(), Consumer.from(GROUP.name(), "thief"),
                XClaimArgs.Builder.minIdleTime(0).justid(), id)),
        loss("and was handed out once more, to the same consumer",
            (test, id) -> test.redis.xclaim(KEYS.stream(), Consumer.from(GROUP.name(), "ours"), 0, id)),
        loss("as it was settled", (test, id) -> test.redis.xack(KEYS.stream(), GROUP.name(), id)),
        loss("with its group", (test, _) -> test.redis.xgroupDestroy(KEYS.stream(), GROUP.name())),
        loss("with its stream", (test, _) -> test.redis.del(KEYS.stream())));
  }

  interface Loss {
    void happen(ScriptsTest test, String entryId);
  }

  private static Arguments loss(String how, Loss loss) {
    return Arguments.of(how, loss);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losses")
  void who_lost_a_delivery_can_not_commit(String how, Loss loss) {
    assertUnchangedAfter(loss,
        delivered -> settle(ours, delivered, Optional.of(UUID.randomUUID()), welcomed(1)) instanceof Verdict.Fenced);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losses")
  void who_lost_a_delivery_can_not_acknowledge(String how, Loss loss) {
    assertUnchangedAfter(loss,
        delivered -> settle(ours, delivered, Optional.empty(), Work.NONE) instanceof Verdict.Fenced);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losses")
  void who_lost_a_delivery_can_not_extend(String how, Loss loss) {
    assertUnchangedAfter(loss, delivered -> ours.extend(List.of(delivered.lease())).equals(List.of(delivered.lease())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losses")
  void who_lost_a_delivery_can_not_retry(String how, Loss loss) {
    assertUnchangedAfter(loss, delivered -> !answersTrue(() -> ours.retry(delivered, Duration.ofSeconds(1))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losses")
  void who_lost_a_delivery_can_not_bury(String how, Loss loss) {
    assertUnchangedAfter(loss, delivered -> !answersTrue(() -> ours.bury(delivered, 1, FAILURE, Optional.empty())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losses")
  void who_lost_a_delivery_can_not_give_it_back(String how, Loss loss) {
    Delivered delivered = deliver("ours");
    loss.happen(this, delivered.lease().entryId());
    List<PendingMessage> before = pending();
    ours.release(List.of(delivered.lease()));
    assertThat(pending()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("msSinceLastDelivery")
        .isEqualTo(before);
    assertThat(pending()).allSatisfy(entry -> assertThat(entry.getMsSinceLastDelivery()).isLessThan(LEASE.toMillis()));
  }

  private void assertUnchangedAfter(Loss loss, Function<Delivered, Boolean> refused) {
    Delivered delivered = deliver("ours");
    loss.happen(this, delivered.lease().entryId());
    Map<String, String> before = contents();
    List<PendingMessage> pendingBefore = pending();
    assertThat(refused.apply(delivered)).as("refused").isTrue();
    assertThat(contents()).isEqualTo(before);
    assertThat(pending()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("msSinceLastDelivery")
        .isEqualTo(pendingBefore);
  }

  private static boolean answersTrue(BooleanSupplier step) {
    try {
      return step.getAsBoolean();
    } catch (StoreUnavailableException _) {
      return false;
    }
  }

  @Test
  void of_two_leases_of_one_entry_only_the_older_is_lost() {
    Delivered older = deliver("ours");
    redis.xclaim(KEYS.stream(), Consumer.from(GROUP.name(), "ours"), 0, older.lease().entryId());
    var newer = new Lease(older.lease().entryId(), 2);
    assertThat(ours.extend(List.of(older.lease(), newer))).containsExactly(older.lease());
  }

  @Test
  void an_entry_that_is_deleted_while_it_is_in_hand_can_still_be_settled() {
    Delivered delivered = deliver("ours");
    redis.xdel(KEYS.stream(), delivered.lease().entryId());
    assertThat(ours.extend(List.of(delivered.lease()))).isEmpty();
    assertThat(settle(ours, delivered, Optional.of(UUID.randomUUID()), welcomed(1)))
        .isInstanceOf(Verdict.Committed.class);
    assertThat(pending()).isEmpty();
  }

  @Test
  void an_entry_that_is_deleted_while_it_is_in_hand_and_given_back_is_reported_by_whoever_takes_it_over() {
    PendingEntries leaving = entries("leaving", Duration.ofMillis(100));
    Delivered delivered = deliver("leaving");
    redis.xdel(KEYS.stream(), delivered.lease().entryId());
    leaving.extend(List.of(delivered.lease()));
    leaving.leave(List.of(delivered.lease()));
    PendingEntries heir = entries("heir", Duration.ofMillis(100));
    await().atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(heir.claim(10, true).gone()).containsExactly(delivered.lease().entryId()));
    assertThat(pending()).isEmpty();
  }

  // Commits.

  @Test
  void one_work_that_conflicts_or_finds_a_wrong_key_holds_no_neighbour_up() {
    redis.set(KEYS.state(Welcome.key(user(3))), "no hash");
    redis.set(KEYS.published(), "no sorted set");
    redis.hset(KEYS.state(Welcome.key(user(4))), "v", "7");
    List<Verdict> verdicts = commitAll(List.of(request(1), request(2), request(3), request(4), request(5),
        Commit.publication(welcomeSent(6)), request(2, 7), request(8)));
    assertThat(verdicts.get(0)).isInstanceOf(Verdict.Committed.class);
    assertThat(verdicts.get(1)).isInstanceOf(Verdict.Committed.class);
    assertThat(verdicts.get(2)).isInstanceOf(Verdict.Broken.class).asString().contains("WRONGTYPE");
    assertThat(verdicts.get(3)).isEqualTo(new Verdict.Conflict(0));
    assertThat(verdicts.get(4)).isInstanceOf(Verdict.Committed.class);
    assertThat(verdicts.get(5)).isInstanceOf(Verdict.Broken.class).asString().contains("WRONGTYPE");
    assertThat(verdicts.get(6)).isInstanceOf(Verdict.Duplicate.class);
    assertThat(verdicts.get(7)).isInstanceOf(Verdict.Committed.class);
    assertThat(redis.xlen(KEYS.stream())).isEqualTo(4);
    assertThat(redis.exists(KEYS.state(Welcome.key(user(7))))).isZero();
  }

  // Publications.

  @Test
  void publications_alone_are_each_stored_once_also_within_one_call() {
    var step = new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);
    Recorded<?> plain = welcomeSent(1);
    Recorded<?> traced = welcomeSent(2).from(step);
    assertThat(publish(plain, traced, plain, welcomeSent(3))).hasExactlyElementsOfTypes(Verdict.Committed.class,
        Verdict.Committed.class, Verdict.Duplicate.class, Verdict.Committed.class);
    assertThat(publish(traced, welcomeSent(4))).hasExactlyElementsOfTypes(Verdict.Duplicate.class,
        Verdict.Committed.class);
    List<Map<String, String>> entries = redis.xrange(KEYS.stream(), Range.unbounded())
        .stream()
        .map(StreamMessage::getBody)
        .toList();
    assertThat(entries).extracting(entry -> entry.get("key")).containsExactly("user-1", "user-2", "user-3", "user-4");
    assertThat(entries.get(0).keySet()).containsExactly("id", "type", "key", "timestamp", "event");
    assertThat(entries.get(1)).containsEntry("traceparent", step.toString());
    assertThat(redis.zcard(KEYS.published())).isEqualTo(4);
  }

  /** What goes with a publication must not change what becomes of it. */
  @Test
  void a_publication_that_went_alone_is_known_to_one_that_goes_with_a_request() {
    publish(welcomeSent(1));
    Commit again = Commit.publication(welcomeSent(1));
    assertThat(commitAll(List.of(again, request(2), again))).hasExactlyElementsOfTypes(Verdict.Duplicate.class,
        Verdict.Committed.class, Verdict.Duplicate.class);
    assertThat(redis.xlen(KEYS.stream())).isEqualTo(2);
  }

  @Test
  void a_publication_that_cannot_be_stored_is_not_marked() {
    redis.del(KEYS.stream());
    redis.set(KEYS.stream(), "no stream");
    assertThatThrownBy(() -> publish(welcomeSent(1), welcomeSent(2))).isInstanceOf(StoreUnavailableException.class);
    assertThat(redis.exists(KEYS.published())).isZero();
    redis.del(KEYS.stream());
    redis.set(KEYS.published(), "no sorted set");
    assertThat(publish(welcomeSent(1), welcomeSent(2))).hasExactlyElementsOfTypes(Verdict.Broken.class,
        Verdict.Broken.class);
    assertThat(redis.exists(KEYS.stream())).isZero();
  }

  private List<Verdict> publish(Recorded<?>... events) {
    return partition.takeIn()
        .submitAll(Stream.of(events).map(event -> Commit.publication(event)).toList())
        .stream()
        .map(connections::await)
        .toList();
  }

  private static Recorded<?> welcomeSent(int number) {
    return new Recorded<>(new EventId(DerivedId.of("sent", Integer.toString(number))), AT,
        new WelcomeEmailSent(user(number), new EmailAddress("a@example.com")));
  }

  // Settling together.

  @Test
  void deliveries_that_are_settled_together_are_each_settled_once_and_only_by_who_holds_them() {
    List<Settlement> settlements = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      settlements.add(settling(deliver("ours")));
    }
    Delivered lost = deliver("ours");
    redis.xclaim(KEYS.stream(), Consumer.from(GROUP.name(), "thief"), 0, lost.lease().entryId());
    settlements.add(settling(lost));
    Delivered again = deliver("ours");
    redis.xclaim(KEYS.stream(), Consumer.from(GROUP.name(), "ours"), 0, again.lease().entryId());
    settlements.add(settling(again));
    Delivered others = deliver("another");
    settlements.add(settling(others));
    settlements.add(settling(deliver("ours")));
    settlements.add(settlements.getFirst());
    List<Verdict> verdicts = settleAll(settlements);
    assertThat(verdicts.subList(0, 5)).hasOnlyElementsOfType(Verdict.Committed.class);
    assertThat(verdicts.subList(5, 10)).hasExactlyElementsOfTypes(Verdict.Fenced.class, Verdict.Fenced.class,
        Verdict.Fenced.class, Verdict.Committed.class, Verdict.Fenced.class);
    assertThat(pending()).extracting(PendingMessage::getId)
        .containsExactly(lost.lease().entryId(), again.lease().entryId(), others.lease().entryId());
  }

  private static Settlement settling(Delivered delivered) {
    return Settlement.of(KEYS, delivered, Optional.empty(), Work.NONE);
  }

  @Test
  void of_the_works_that_are_settled_together_each_is_committed_for_itself() {
    redis.set(KEYS.state(Welcome.key(user(2))), "no hash");
    redis.hset(KEYS.state(Welcome.key(user(3))), "v", "7");
    UUID handled = UUID.randomUUID();
    List<Delivered> delivered = IntStream.range(0, 7).mapToObj(_ -> deliver("ours")).toList();
    redis.xack(KEYS.stream(), GROUP.name(), delivered.get(5).lease().entryId());
    List<Verdict> verdicts = settleAll(List.of(working(delivered.get(0), handled, 1),
        working(delivered.get(1), UUID.randomUUID(), 2), working(delivered.get(2), UUID.randomUUID(), 3),
        settling(delivered.get(3)), working(delivered.get(4), handled, 4),
        working(delivered.get(5), UUID.randomUUID(), 5), working(delivered.get(6), UUID.randomUUID(), 6)));
    assertThat(verdicts).hasExactlyElementsOfTypes(Verdict.Committed.class, Verdict.Broken.class,
        Verdict.Conflict.class, Verdict.Committed.class, Verdict.Duplicate.class, Verdict.Fenced.class,
        Verdict.Committed.class);
    assertThat(pending()).extracting(PendingMessage::getId)
        .containsExactly(delivered.get(1).lease().entryId(), delivered.get(2).lease().entryId());
    assertThat(redis.xlen(KEYS.stream())).isEqualTo(9);
    assertThat(redis.zcard(KEYS.handled(GROUP))).isEqualTo(2);
    assertThat(redis.exists(KEYS.state(Welcome.key(user(1))), KEYS.state(Welcome.key(user(6))))).isEqualTo(2);
    assertThat(redis.exists(KEYS.state(Welcome.key(user(4))), KEYS.state(Welcome.key(user(5))))).isZero();
  }

  /** A command that nobody could foresee to fail: the stream's ids have come to their end. */
  @Test
  void what_was_settled_before_a_failure_is_remembered_and_acknowledged() {
    Delivered first = deliver("ours");
    Delivered second = deliver("ours");
    Delivered third = deliver("ours");
    redis.xadd(KEYS.stream(), new XAddArgs().id(Long.toUnsignedString(-1) + "-" + Long.toUnsignedString(-2)), "a", "b");
    UUID cause = UUID.randomUUID();
    assertThatThrownBy(() -> settleAll(List.of(working(first, cause, 1), working(second, UUID.randomUUID(), 2),
        working(third, UUID.randomUUID(), 3)))).isInstanceOf(StoreUnavailableException.class);
    assertThat(pending()).extracting(PendingMessage::getId)
        .containsExactly(second.lease().entryId(), third.lease().entryId());
    assertThat(redis.zrange(KEYS.handled(GROUP), 0, -1)).containsExactly(cause.toString());
    assertThat(redis.exists(KEYS.state(Welcome.key(user(1))))).isOne();
    assertThat(redis.exists(KEYS.state(Welcome.key(user(2))), KEYS.state(Welcome.key(user(3))))).isZero();
  }

  @Test
  void only_who_has_the_partition_settles_what_was_read_in_order() {
    redis.hset(KEYS.lease(GROUP), Map.of("owner", "ours", "fence", "7"));
    List<Settlement> settlements = Stream.of(6L, 7L, Lease.NO_FENCE, 8L)
        .map(fence -> new Settlement(new Lease(deliver("ours").lease().entryId(), 1, fence), false, Optional.empty(),
            WorkBytes.NONE))
        .toList();
    assertThat(settleAll(settlements)).hasExactlyElementsOfTypes(Verdict.Fenced.class, Verdict.Committed.class,
        Verdict.Committed.class, Verdict.Fenced.class);
    redis.hset(KEYS.lease(GROUP), "owner", "another");
    Settlement late = new Settlement(new Lease(deliver("ours").lease().entryId(), 1, 7), false, Optional.empty(),
        WorkBytes.NONE);
    assertThat(settleAll(List.of(late))).hasExactlyElementsOfTypes(Verdict.Fenced.class);
  }

  private static Settlement working(Delivered delivered, UUID cause, int number) {
    return Settlement.of(KEYS, delivered, Optional.of(cause), welcomed(number));
  }

  /** The list is the last that a work touches: whatever is wrong with it has to be seen before the first write. */
  @Test
  void a_list_of_another_type_fails_its_own_work_alone_and_as_a_whole() {
    Partition orders = new Partitions(connections, Partitioning.ONE).of(OrderEvent.TOPIC, 0);
    redis.set(orders.keys().list("orders-of", "user-2"), "no sorted set");
    Map<String, String> before = contents();
    Verdict broken = orders.takeIn().commit(placed(orders.keys(), 2));
    assertThat(broken).isInstanceOf(Verdict.Broken.class);
    assertThat(contents()).isEqualTo(before);
    List<Verdict> verdicts = commitAll(orders, List.of(placed(orders.keys(), 1), placed(orders.keys(), 2),
        placed(orders.keys(), 3)));
    assertThat(verdicts).hasExactlyElementsOfTypes(Verdict.Committed.class, Verdict.Broken.class,
        Verdict.Committed.class);
  }

  @Test
  void a_conflict_in_the_last_change_leaves_the_first_unwritten() {
    redis.hset(KEYS.state(Welcome.key(user(2))), Map.of("v", "1", "s", "{}"));
    Delivered delivered = deliver("ours");
    Map<String, String> before = contents();
    var changes = new ArrayList<Change<?>>(welcomed(1).changes());
    changes.addAll(welcomed(2).changes());
    Verdict verdict = settle(ours, delivered, Optional.of(UUID.randomUUID()), new Work(changes, welcomed(1).events()));
    assertThat(verdict).isEqualTo(new Verdict.Conflict(1));
    assertThat(contents()).isEqualTo(before);
    assertThat(pending()).hasSize(1);
  }

  @Test
  void a_version_counts_on_and_a_mark_bears_the_servers_time() {
    long started = serverMillis();
    var store = new RedisUnitOfWork(connections, new Partitions(connections, Partitioning.ONE));
    redis.hset(KEYS.state(Welcome.key(user(1))), "v", "9007199254740990");
    Work next = new Work(List.of(new Change<>(Welcome.key(user(1)), 9_007_199_254_740_990L, welcome(1))), List.of());
    var request = new RequestId(UUID.randomUUID());
    assertThat(store.commit(request, next)).isInstanceOf(CommitResult.Committed.class);
    assertThat(redis.hget(KEYS.state(Welcome.key(user(1))), "v")).isEqualTo("9007199254740991");
    assertThat(redis.zscore(KEYS.requests(), request.value().toString())).isBetween((double) started,
        (double) serverMillis());
  }

  @Test
  void a_server_that_forgot_the_scripts_is_taught_them_again() {
    commitAll(List.of(request(1)));
    Delivered delivered = deliver("ours");
    redis.scriptFlush();
    assertThat(commitAll(List.of(request(2)))).hasExactlyElementsOfTypes(
        Verdict.Committed.class);
    redis.scriptFlush();
    assertThat(ours.extend(List.of(delivered.lease()))).isEmpty();
    redis.scriptFlush();
    assertThat(ours.claim(1, true).deliveries()).isEmpty();
    redis.scriptFlush();
    assertThat(ours.bury(delivered, 1, FAILURE, Optional.empty())).isTrue();
    redis.scriptFlush();
    assertThat(ours.retry(deliver("ours"), Duration.ZERO)).isTrue();
    redis.scriptFlush();
    assertThat(ours.bury(ours.claim(1, true).deliveries().getFirst(), 2, FAILURE, Optional.empty())).isTrue();
    redis.scriptFlush();
    ours.tend();
    redis.scriptFlush();
    ours.leave(List.of());
    assertThat(redis.xinfoConsumers(KEYS.stream(), GROUP.name())).isEmpty();
  }

  // A full memory.

  @Test
  void a_full_memory_refuses_what_is_new_before_the_first_write_and_lets_the_backlog_drain() {
    Delivered first = deliver("ours");
    Delivered second = deliver("ours");
    Delivered third = deliver("ours");
    var store = new RedisUnitOfWork(connections, new Partitions(connections, Partitioning.ONE));
    // Known to the server or not, it is refused.
    commitAll(List.of(request(1)));
    Map<String, String> before = contents();
    redis.configSet("maxmemory", "1mb");
    try {
      assertThatThrownBy(() -> store.commit(new RequestId(UUID.randomUUID()), welcomed(2)))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("no memory left");
      redis.scriptFlush();
      assertThatThrownBy(() -> store.commit(new RequestId(UUID.randomUUID()), welcomed(2)))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("no memory left");
      assertThat(contents()).isEqualTo(before);
      assertThat(store.load(Welcome.key(user(1)))).isPresent();
      assertThat(settle(ours, first, Optional.of(UUID.randomUUID()), welcomed(3)))
          .isInstanceOf(Verdict.Committed.class);
      assertThat(ours.retry(second, Duration.ZERO)).isTrue();
      assertThat(ours.bury(third, 1, FAILURE, Optional.empty())).isTrue();
      List<Delivered> again = ours.claim(10, true).deliveries();
      assertThat(again).hasSize(1);
      assertThat(ours.extend(List.of(again.getFirst().lease()))).isEmpty();
      ours.release(List.of(again.getFirst().lease()));
    } finally {
      redis.configSet("maxmemory", "0");
    }
    assertThat(store.commit(new RequestId(UUID.randomUUID()), welcomed(2))).isInstanceOf(CommitResult.Committed.class);
  }

  // Claims.

  @Test
  void expired_deliveries_behind_thousands_that_are_held_are_found() {
    add(5_100);
    List<String> held = read("live", 5_000);
    Set<String> expired = new HashSet<>(read("dead", 100));
    List<String> deleted = expired.stream().limit(3).toList();
    redis.xclaim(KEYS.stream(), Consumer.from(GROUP.name(), "dead"),
        XClaimArgs.Builder.minIdleTime(0).idle(LEASE.multipliedBy(2)).justid(),
        expired.toArray(String[]::new));
    redis.xdel(KEYS.stream(), deleted.toArray(String[]::new));
    deleted.forEach(expired::remove);
    PendingEntries heir = entries("heir", LEASE);
    var found = new HashSet<String>();
    var gone = new HashSet<String>();
    int calls = 0;
    while ((found.size() < expired.size() || gone.size() < deleted.size()) && calls < 500) {
      PendingEntries.Claimed claimed = heir.claim(4, true);
      assertThat(claimed.deliveries()).hasSizeLessThanOrEqualTo(4);
      claimed.deliveries().forEach(delivered -> found.add(delivered.lease().entryId()));
      gone.addAll(claimed.gone());
      calls++;
    }
    assertThat(found).isEqualTo(expired);
    assertThat(gone).containsExactlyInAnyOrderElementsOf(deleted);
    assertThat(pendingOf("live")).isEqualTo(held.size());
    assertThat(pendingOf("dead")).isZero();
  }

  @Test
  void what_a_dead_one_had_is_found_at_once_however_much_others_have() {
    add(MUCH);
    read("live", MUCH);
    Delivered expired = deliver("dead");
    expire("dead", expired.lease().entryId());
    Delivered failed = deliver("ours");
    ours.retry(failed, Duration.ofMinutes(10));
    assertThat(ours.claim(10, false).deliveries()).extracting(delivered -> delivered.lease().entryId())
        .containsExactly(expired.lease().entryId());
  }

  @Test
  void over_what_one_has_that_has_very_much_a_claim_walks_a_piece_at_a_time() {
    add(MUCH);
    List<String> held = read("live", MUCH);
    long walked = 0;
    PendingEntries.Claimed claimed;
    do {
      claimed = ours.claim(10, true);
      assertThat(claimed.deliveries()).isEmpty();
      assertThat(claimed.walked()).isBetween(1L, 1_000L);
      walked += claimed.walked();
      assertThat(ours.claim(10, false)).satisfies(notNow -> assertThat(notNow.walked()).isZero());
    } while (!claimed.complete());
    assertThat(walked).isEqualTo(MUCH);
    expire("live", held.getLast());
    var found = new ArrayList<Delivered>();
    do {
      claimed = ours.claim(10, true);
      found.addAll(claimed.deliveries());
    } while (!claimed.complete());
    assertThat(found).extracting(delivered -> delivered.lease().entryId()).containsExactly(held.getLast());
  }

  @Test
  void all_that_a_dead_one_had_is_found_without_a_walk_though_it_is_very_much() {
    add(MUCH);
    List<String> held = read("dead", MUCH);
    redis.xclaim(KEYS.stream(), Consumer.from(GROUP.name(), "dead"),
        XClaimArgs.Builder.minIdleTime(0).idle(LEASE.multipliedBy(2)).justid(), held.toArray(String[]::new));
    for (int from = 0; from < MUCH; from += 1_500) {
      assertThat(ours.claim(1_500, false).deliveries()).hasSize(1_500);
    }
    assertThat(redis.xpending(KEYS.stream(), GROUP.name()).getConsumerMessageCount()).containsOnlyKeys("ours");
  }

  /** However often it is read meanwhile: the time that has passed pays for a walk, nothing else. */
  @Test
  void a_walk_goes_on_by_time_and_not_with_each_read() {
    add(MUCH);
    read("live", MUCH);
    var claiming = new Claiming(ours, LEASE);
    long began = System.nanoTime();
    long walked = IntStream.range(0, 200).mapToLong(_ -> claiming.claim(10).walked()).sum();
    long halfSeconds = Duration.ofNanos(System.nanoTime() - began).dividedBy(Duration.ofMillis(500));
    assertThat(walked).isBetween(1L, 1_000 * (halfSeconds + 1));
  }

  @Test
  void what_waits_for_its_retry_is_nobodys_and_told_as_retrying_alone() {
    Delivered failed = deliver("ours");
    assertThat(ours.retry(failed, Duration.ofMinutes(10))).isTrue();
    assertThat(ours.held()).isEmpty();
    assertThat(ours.claim(10, true).complete()).isTrue();
    assertThat(new RedisOperations(connections, new Partitions(connections, Partitioning.ONE)).streams())
        .flatExtracting(StreamStatus::groups)
        .singleElement()
        .satisfies(group -> assertThat(group.pending()).isOne())
        .satisfies(group -> assertThat(group.consumers()).extracting(ConsumerStatus::consumer).containsExactly("ours"));
    assertThat(consumers()).containsExactlyInAnyOrder("ours", "waiting");
    redis.zadd(KEYS.due(GROUP), 0, failed.lease().entryId());
    assertThat(ours.claim(10, false).deliveries()).hasSize(1);
    assertThat(ours.tend()).isEmpty();
    assertThat(consumers()).containsExactly("ours");
  }

  @Test
  void a_failed_delivery_whose_entry_was_deleted_is_reported_when_it_is_due() {
    Delivered failed = deliver("ours");
    redis.xdel(KEYS.stream(), failed.lease().entryId());
    assertThat(ours.retry(failed, Duration.ZERO)).isTrue();
    assertThat(ours.claim(10, false).gone()).containsExactly(failed.lease().entryId());
    assertThat(pending()).isEmpty();
  }

  /** Somebody has deleted the key, or Redis has evicted it. */
  @Test
  void what_waits_for_a_time_that_nobody_knows_any_more_comes_with_its_lease() {
    Delivered failed = deliver("ours");
    ours.retry(failed, Duration.ofMinutes(10));
    redis.del(KEYS.due(GROUP));
    assertThat(ours.claim(10, true).deliveries()).isEmpty();
    expire("waiting", failed.lease().entryId());
    assertThat(ours.claim(10, true).deliveries()).hasSize(1);
  }

  @Test
  void what_was_claimed_is_what_was_written_and_bears_the_fence_that_the_scripts_want() {
    Delivered delivered = deliver("dead");
    assertThat(ours.claim(10, true).deliveries()).isEmpty();
    expire("dead", delivered.lease().entryId());
    List<Delivered> claimed = ours.claim(10, true).deliveries();
    assertThat(claimed).hasSize(1);
    assertThat(claimed.getFirst().lease().entryId()).isEqualTo(delivered.lease().entryId());
    assertThat(claimed.getFirst().lease().deliveries()).isGreaterThan(1);
    assertThat(claimed.getFirst().failures()).isZero();
    assertThat(claimed.getFirst().entry().text("ü")).isEqualTo("ö");
    assertThat(settle(ours, claimed.getFirst(), Optional.empty(), Work.NONE)).isInstanceOf(Verdict.Committed.class);
  }

  @Test
  void retries_that_are_due_come_first() {
    Delivered expired = deliver("dead");
    expire("dead", expired.lease().entryId());
    Delivered failed = deliver("ours");
    assertThat(ours.retry(failed, Duration.ZERO)).isTrue();
    List<Delivered> claimed = ours.claim(1, true).deliveries();
    assertThat(claimed).extracting(delivered -> delivered.lease().entryId())
        .containsExactly(failed.lease().entryId());
    assertThat(claimed.getFirst().failures()).isOne();
    assertThat(claimed.getFirst().attempt()).isEqualTo(2);
  }

  /** It has no lease while it waits: nobody works on it. */
  @Test
  void a_retry_that_is_due_after_its_lease_does_not_come_with_the_lease() {
    Delivered failed = deliver("dead");
    entries("dead", LEASE).retry(failed, Duration.ofMinutes(10));
    expire("dead", failed.lease().entryId());
    PendingEntries.Claimed claimed = ours.claim(10, true);
    assertThat(claimed.deliveries()).isEmpty();
    assertThat(claimed.complete()).isTrue();
    assertThat(claimed.nextDue()).hasValueSatisfying(
        due -> assertThat(due).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10)));
    redis.zadd(KEYS.due(GROUP), 0, failed.lease().entryId());
    assertThat(ours.claim(10, true).deliveries()).hasSize(1);
    assertThat(redis.exists(KEYS.due(GROUP))).isZero();
  }

  @Test
  void a_retry_after_the_end_of_time_is_borne() {
    Delivered failed = deliver("ours");
    assertThat(ours.retry(failed, Duration.ofMillis(Long.MAX_VALUE))).isTrue();
    assertThat(ours.claim(10, true).deliveries()).isEmpty();
  }

  @Test
  void a_retry_whose_entry_was_deleted_is_reported_and_forgotten() {
    Delivered failed = deliver("ours");
    ours.retry(failed, Duration.ZERO);
    redis.xdel(KEYS.stream(), failed.lease().entryId());
    assertThat(ours.claim(10, true).gone()).containsExactly(failed.lease().entryId());
    assertThat(redis.exists(KEYS.due(GROUP), KEYS.retry(GROUP))).isZero();
    assertThat(pending()).isEmpty();
  }

  @Test
  void the_first_failure_is_remembered_through_all_retries_and_forgotten_with_the_end() {
    Delivered failed = deliver("ours");
    ours.retry(failed, Duration.ZERO);
    String first = redis.hget(KEYS.retry(GROUP), failed.lease().entryId());
    assertThat(first).matches("1:\\d{13}");
    Delivered second = ours.claim(1, true).deliveries().getFirst();
    await().until(() -> serverMillis() > Long.parseLong(first.substring(2)) + 2);
    ours.retry(second, Duration.ZERO);
    assertThat(redis.hget(KEYS.retry(GROUP), failed.lease().entryId())).isEqualTo("2" + first.substring(1));
    Delivered third = ours.claim(1, true).deliveries().getFirst();
    assertThat(ours.bury(third, 3, FAILURE, Optional.empty())).isTrue();
    Map<String, String> letter = redis.xrange(KEYS.dead(GROUP), Range.unbounded()).getFirst().getBody();
    assertThat(letter).containsEntry("firstFailureAt", first.substring(2)).containsEntry("attempts", "3");
    assertThat(Long.parseLong(letter.get("lastFailureAt"))).isGreaterThan(Long.parseLong(first.substring(2)));
    assertThat(redis.exists(KEYS.due(GROUP), KEYS.retry(GROUP))).isZero();
  }

  @Test
  void an_entry_with_thousands_of_fields_can_be_buried() {
    var fields = new ArrayList<Object>();
    for (int i = 0; i < 10_000; i++) {
      fields.add("f" + i);
      fields.add("v" + i);
    }
    redis.xadd(KEYS.stream(), fields.toArray());
    String id = read("ours", 1).getFirst();
    assertThat(ours.bury(new Delivered(new Lease(id, 1), new Entry(id, Map.of()), 0), 0, FAILURE, Optional.empty()))
        .isTrue();
    assertThat(redis.xrange(KEYS.dead(GROUP), Range.unbounded()).getFirst().getBody()).containsEntry("raw:f0", "v0")
        .containsEntry("entryId", id);
    assertThat(pending()).isEmpty();
  }

  // Release.

  @Test
  void what_is_given_back_is_free_at_once_and_its_consumer_stays_until_it_was_taken_over() {
    Delivered delivered = deliver("leaving");
    entries("leaving", LEASE).leave(List.of(delivered.lease()));
    assertThat(consumers()).contains("leaving");
    assertThat(ours.claim(10, true).deliveries()).hasSize(1);
    entries("leaving", LEASE).leave(List.of());
    assertThat(consumers()).containsExactly("ours");
  }

  private PendingEntries entries(String consumer, Duration lease) {
    return new PendingEntries(connections, partition, GROUP, consumer, lease);
  }

  /** A new entry, delivered to a consumer for the first time. */
  private Delivered deliver(String consumer) {
    add(1);
    String id = read(consumer, 1).getFirst();
    return new Delivered(new Lease(id, 1), new Entry(id, Map.of()), 0);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      var _ = raw.later().xadd(KEYS.stream(), "ü", "ö");
    }
    redis.ping();
  }

  @SuppressWarnings("unchecked")
  private List<String> read(String consumer, int count) {
    return redis
        .xreadgroup(Consumer.from(GROUP.name(), consumer), XReadArgs.Builder.count(count),
            XReadArgs.StreamOffset.lastConsumed(KEYS.stream()))
        .stream()
        .map(StreamMessage::getId)
        .toList();
  }

  private void expire(String consumer, String id) {
    redis.xclaim(KEYS.stream(), Consumer.from(GROUP.name(), consumer),
        XClaimArgs.Builder.minIdleTime(0).idle(LEASE.multipliedBy(2)).justid(), id);
  }

  private List<PendingMessage> pending() {
    try {
      return redis.xpending(KEYS.stream(), GROUP.name(), Range.unbounded(), Limit.from(10_000));
    } catch (RedisCommandExecutionException _) {
      return List.of();
    }
  }

  private long pendingOf(String consumer) {
    return pending().stream().filter(entry -> entry.getConsumer().equals(consumer)).count();
  }

  private List<String> consumers() {
    List<?> infos = redis.xinfoConsumers(KEYS.stream(), GROUP.name());
    return infos.stream().map(info -> String.valueOf(((List<?>) info).get(1))).toList();
  }

  /** Every key with all that it holds, in the server's own bytes; but for streams, whose bytes hold idle times too. */
  private Map<String, String> contents() {
    var contents = new TreeMap<String, String>();
    for (String key : redis.keys("*")) {
      String content = redis.type(key).equals("stream")
          ? redis.xrange(key, Range.unbounded()).toString()
          : Base64.getEncoder().encodeToString(redis.dump(key));
      contents.put(key, content);
    }
    return contents;
  }

  private long serverMillis() {
    List<String> time = redis.time();
    return Long.parseLong(time.getFirst()) * 1000 + Long.parseLong(time.getLast()) / 1000;
  }

  /** In one call of the script. */
  private List<Verdict> commitAll(List<Commit> commits) {
    return commitAll(partition, commits);
  }

  private List<Verdict> commitAll(Partition to, List<Commit> commits) {
    return verdicts(commits.size(), Commit.call(to.keys(), commits));
  }

  private List<Verdict> settleAll(List<Settlement> settlements) {
    return verdicts(settlements.size(), Settlement.call(KEYS, GROUP, "ours", settlements));
  }

  private List<Verdict> verdicts(int works, Call call) {
    return Verdict.each(works,
        connections.await(call.script().run(connections.shared(), call.keys(), call.arguments())));
  }

  private static Commit request(int number) {
    return request(number, number);
  }

  private static Commit request(int cause, int number) {
    return Commit.request(KEYS, DerivedId.of("request", Integer.toString(cause)), welcomed(number));
  }

  private static Commit placed(Keys keys, int number) {
    var item = new LineItem("A-1", 1, Money.parse("1", Money.currency("EUR")));
    var decided = Order.place(new Purchase(new OrderId("order-" + number), user(number), List.of(item), AT));
    List<Recorded<?>> events = decided.events()
        .stream()
        .<Recorded<?>>map(event -> new Recorded<>(new EventId(UUID.randomUUID()), AT, event))
        .toList();
    return Commit.request(keys, UUID.randomUUID(),
        new Work(List.of(Change.creation(Order.key(new OrderId("order-" + number)), decided.state())), events));
  }

  private static Work welcomed(int number) {
    return new Work(List.of(Change.creation(Welcome.key(user(number)), welcome(number))),
        List.of(new Recorded<>(new EventId(UUID.randomUUID()), AT,
            new WelcomeEmailSent(user(number), new EmailAddress("a@example.com")))));
  }

  private static Welcome welcome(int number) {
    return new Welcome(user(number), new EmailAddress("a@example.com"), AT);
  }

  private static UserId user(int number) {
    return new UserId("user-" + number);
  }

  private static Verdict settle(PendingEntries entries, Delivered delivered, Optional<UUID> cause, Work work) {
    CompletableFuture<Verdict> settled = entries.settle(delivered, cause, work);
    entries.flush();
    return entries.verdict(settled);
  }
}
