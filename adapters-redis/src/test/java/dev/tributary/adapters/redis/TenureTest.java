package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.adapters.redis.PartitionLease.Found;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliverySettings;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.Consumer;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the owner of a partition may do, and what it knows of what was put back. */
class TenureTest {

  private static final SubscriptionSpec<UserCreated> SPEC = new SubscriptionSpec<>(UserEvent.TOPIC,
      new Group("tenure-group"), UserCreated.class);
  private static final String OWNER = "owner";
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final int LIMIT = 10;

  private Raw raw;
  private Connections connections;
  private Keys keys;
  private PartitionLease lease;
  private Tenure<UserCreated> tenure;

  @BeforeEach
  void take() {
    raw = new Raw(TestRedis.shared().url());
    raw.redis().flushall();
    connections = new Connections(TestRedis.shared().productUrl());
    var partitions = new Partitions(connections, Partitioning.ONE);
    Partition partition = partitions.of(SPEC.topic(), 0);
    keys = partition.keys();
    raw.redis()
        .xgroupCreate(XReadArgs.StreamOffset.from(keys.stream(), "0"), SPEC.group().name(),
            XGroupCreateArgs.Builder.mkstream());
    lease = new PartitionLease(connections, keys, SPEC.group(), OWNER, LEASE);
    var pending = new PendingEntries(connections, partition, SPEC.group(), OWNER, LEASE);
    tenure = new Tenure<>(lease, lease.take().orElseThrow(),
        own -> new DeliveryRun<>(SPEC, _ -> Outcome.SETTLED, partitions, partition, pending, own.inHand(),
            new Nobody(), DeliverySettings.DEFAULTS,
            new Journals(DeliveryMonitor.NONE).of(SPEC.topic(), SPEC.group())));
  }

  @AfterEach
  void close() {
    connections.close();
    raw.close();
  }

  /** Else it would overtake what stands ahead of it by then. */
  @Test
  void nothing_goes_between_the_news_of_what_was_put_back_and_its_place_in_its_line() {
    assertThat(tenure.look(LIMIT, false)).isInstanceOf(Found.Pending.class);
    tenure.arrived();
    raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    assertThat(tenure.look(LIMIT, false)).isInstanceOfSatisfying(Found.New.class,
        found -> assertThat(found.deliveries()).hasSize(1)
            .allSatisfy(
                delivered -> assertThat(standing(delivered)).isInstanceOf(Standing.Free.class)));
    var later = new Delivered(new Lease("1-2", 1, tenure.fence()), new Entry("1-2", Map.of()), 0);
    raw.redis().hincrby(keys.lease(SPEC.group()), "news", 1);
    assertThat(standing(later)).as("before it is known").isInstanceOf(Standing.Unknown.class);
    assertThat(tenure.look(LIMIT, false)).isInstanceOf(Found.News.class);
    assertThat(standing(later)).as("known, not looked at").isInstanceOf(Standing.Unknown.class);
    assertThat(tenure.look(LIMIT, false)).isInstanceOf(Found.Pending.class);
    assertThat(standing(later)).as("found, in no line").isInstanceOf(Standing.Unknown.class);
    tenure.arrived();
    assertThat(standing(later)).as("in its line").isInstanceOf(Standing.Free.class);
  }

  /** Its reader may be at it while the partition is given up: what came to it comes before anything new. */
  @Test
  void what_a_read_brought_too_late_comes_before_what_the_next_owner_has_read() {
    PartitionLease.Hold hold = new PartitionLease.Hold(tenure.fence(), 0);
    lease.leave(hold.fence());
    assertThat(lease.walk(hold, Optional.empty(), LIMIT)).isInstanceOf(Found.Lost.class);
    assertThat(lease.renew(hold.fence())).isFalse();
    PartitionLease.Hold next = takenBy("next");
    assertThat(next.fence()).isGreaterThan(hold.fence());
    assertComesFirst(hold, next);
  }

  /** It was silent for longer than its lease, and does not know it yet. */
  @Test
  void what_a_read_brought_to_who_was_robbed_comes_before_what_the_next_owner_has_read() {
    PartitionLease.Hold hold = new PartitionLease.Hold(tenure.fence(), 0);
    raw.redis().hset(keys.lease(SPEC.group()), "until", "0");
    assertComesFirst(hold, takenBy("next"));
  }

  /** As a read whose reply was lost, and that comes to the server behind later ones; whatever is settled meanwhile. */
  @Test
  void what_a_read_of_its_own_brought_too_late_comes_before_what_it_has_read_since() {
    String first = raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    assertThat(tenure.look(LIMIT, false)).isInstanceOf(Found.Pending.class);
    assertThat(tenure.look(LIMIT, false)).isInstanceOf(Found.New.class);
    String late = raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    readAs(OWNER);
    String early = raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    raw.redis().xack(keys.stream(), SPEC.group().name(), first);
    assertThat(tenure.look(LIMIT, false)).isEqualTo(new Found.News(0));
    assertThat(tenure.look(LIMIT, false)).isInstanceOfSatisfying(Found.Pending.class,
        found -> assertThat(found.deliveries()).extracting(due -> due.delivered().lease().entryId())
            .containsExactly(late, early));
    assertThat(tenure.look(LIMIT, false)).isEqualTo(new Found.New(List.of()));
  }

  /** Nothing new has to come for it to be found. */
  @Test
  void what_a_read_of_its_own_brought_too_late_is_found_where_nothing_follows() {
    assertThat(tenure.look(LIMIT, false)).isInstanceOf(Found.Pending.class);
    raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    readAs(OWNER);
    assertThat(tenure.look(LIMIT, false)).isEqualTo(new Found.News(0));
  }

  /** Where a group begins again, it reads at full speed what it knew. */
  @Test
  void what_is_read_once_more_was_not_missed() {
    assertThat(tenure.look(LIMIT, false)).isInstanceOf(Found.Pending.class);
    for (int i = 0; i < 3; i++) {
      raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    }
    assertThat(tenure.look(LIMIT, false)).isInstanceOf(Found.New.class);
    raw.redis().xgroupSetid(XReadArgs.StreamOffset.from(keys.stream(), "0"), SPEC.group().name());
    for (int i = 0; i < 3; i++) {
      assertThat(tenure.look(1, false)).isInstanceOfSatisfying(Found.New.class,
          found -> assertThat(found.deliveries()).hasSize(1));
    }
  }

  /** The news tell of it. */
  @Test
  void what_was_redriven_and_is_not_yet_due_is_no_news_again_and_again() {
    PartitionLease.Hold hold = new PartitionLease.Hold(tenure.fence(), 0);
    String redriven = raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    readAs("redriven");
    raw.redis()
        .xclaim(keys.stream(), Consumer.from(SPEC.group().name(), "redriven"),
            XClaimArgs.Builder.minIdleTime(0).idle(LEASE.multipliedBy(2).toMillis()), redriven);
    raw.redis().zadd(keys.consumers(SPEC.group()), 0, "redriven");
    assertThat(lease.read(hold, LIMIT, true, EntryId.START)).isEqualTo(new Found.New(List.of()));
  }

  @Test
  void who_had_the_partition_is_known_for_a_day() {
    String key = keys.former(SPEC.group());
    lease.leave(tenure.fence());
    double dayAgo = raw.redis().zscore(key, OWNER) - Duration.ofDays(1).toMillis();
    raw.redis().zadd(key, dayAgo + 60_000, "known");
    raw.redis().zadd(key, dayAgo, "forgotten");
    takenBy("next");
    assertThat(raw.redis().zrange(key, 0, -1)).containsExactly("known", OWNER);
  }

  private PartitionLease.Hold takenBy(String name) {
    return leaseOf(name).take().orElseThrow();
  }

  private PartitionLease leaseOf(String name) {
    return new PartitionLease(connections, keys, SPEC.group(), name, LEASE);
  }

  private void assertComesFirst(PartitionLease.Hold lost, PartitionLease.Hold next) {
    PartitionLease other = leaseOf("next");
    assertThat(walked(other, next)).isEmpty();
    String late = raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    assertThat(lease.read(lost, LIMIT, false, EntryId.START)).isInstanceOf(Found.Lost.class);
    String early = raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    assertThat(other.read(next, LIMIT, false, EntryId.START)).isEqualTo(new Found.News(0));
    assertThat(walked(other, next)).containsExactly(late, early);
    assertThat(raw.redis().xinfoConsumers(keys.stream(), SPEC.group().name())).as("who read too late is no consumer")
        .hasSize(1)
        .asString()
        .contains("next");
    String more = raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    assertThat(other.read(next, LIMIT, false, EntryId.parse(early))).isInstanceOfSatisfying(Found.New.class,
        found -> assertThat(found.deliveries()).extracting(delivered -> delivered.lease().entryId())
            .containsExactly(more));
  }

  /** Of those who are not ours nobody knows how long they want to be at it. */
  @Test
  void what_a_stranger_has_is_his_for_a_lease() {
    PartitionLease.Hold hold = new PartitionLease.Hold(tenure.fence(), 0);
    raw.redis().xadd(keys.stream(), Map.of("event", "{}"));
    readAs("stranger");
    assertThat(lease.read(hold, LIMIT, true, EntryId.START)).isEqualTo(new Found.New(List.of()));
    assertThat(walked(lease, hold)).isEmpty();
  }

  @SuppressWarnings("unchecked") // An array of one.
  private void readAs(String name) {
    raw.redis()
        .xreadgroup(Consumer.from(SPEC.group().name(), name), XReadArgs.StreamOffset.lastConsumed(keys.stream()));
  }

  private static List<String> walked(PartitionLease lease, PartitionLease.Hold hold) {
    Found found = lease.walk(hold, Optional.empty(), LIMIT);
    assertThat(found).isInstanceOf(Found.Pending.class);
    return ((Found.Pending) found).deliveries().stream().map(due -> due.delivered().lease().entryId()).toList();
  }

  private Standing standing(Delivered delivered) {
    return tenure.standing(delivered, "key");
  }

  private static final class Nobody implements DeliveryRun.Host {

    @Override
    public Workers workers() {
      return new Workers("nobody", 1);
    }

    @Override
    public void ended(Running running) {}
  }
}
