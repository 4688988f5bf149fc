package dev.tributary.messaging.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.application.AuditLog;
import dev.tributary.application.AuditLog.Deed;
import dev.tributary.application.ConsumerStatus;
import dev.tributary.application.GroupStatus;
import dev.tributary.application.PendingDelivery;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adapter tells operators, of one partition where several would tell the same. */
@ParameterizedClass(name = "{0} partitions")
@ValueSource(ints = {1, 8, 64})
public abstract class OperationsContract extends ContractFixture {

  @Test
  public void every_topic_has_a_stream_also_before_its_first_entry() {
    List<StreamStatus> streams = start().messaging().operations().streams();
    assertThat(streams).extracting(StreamStatus::stream, StreamStatus::partition)
        .containsExactlyElementsOf(Stream.of("order-events", "user-events")
            .flatMap(stream -> partitions().map(partition -> tuple(stream, partition)))
            .toList());
    assertThat(streams).allSatisfy(stream -> {
      assertThat(stream.length()).isZero();
      assertThat(stream.firstId()).isEmpty();
      assertThat(stream.groups()).isEmpty();
    });
  }

  @Test
  public void a_stream_tells_its_length_and_its_ends() {
    Harness.Node node = start();
    publishNeighbours(0, 5);
    List<LogEntry> entries = entries(node);
    assertThat(users(node)).satisfies(stream -> {
      assertThat(stream.length()).isEqualTo(5);
      assertThat(stream.firstId()).contains(entries.getFirst().id());
      assertThat(stream.lastId()).contains(entries.getLast().id());
    });
  }

  @Test
  public void a_group_tells_what_is_in_hand_and_what_it_has_not_been_handed() {
    Harness.Node node = start();
    var release = new CountDownLatch(1);
    Recorder<?> handler = subscribe(node, CREATED, new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    }));
    publishNeighbours(0, Harness.CONCURRENCY + 5);
    eventually(() -> assertThat(handler.count()).isEqualTo(Harness.CONCURRENCY));
    GroupStatus busy = group(node);
    assertThat(busy.lag()).isEqualTo(5);
    assertThat(busy.pending()).isEqualTo(Harness.CONCURRENCY);
    assertThat(busy.retrying()).isZero();
    assertThat(busy.consumers()).singleElement()
        .extracting(ConsumerStatus::pending)
        .isEqualTo((long) Harness.CONCURRENCY);
    release.countDown();
    eventually(() -> assertThat(group(node).lag() + group(node).pending()).isZero());
    assertThat(group(node).oldestUnsettledAge()).isZero();
  }

  @Test
  public void the_oldest_unsettled_entry_grows_older() {
    Harness.Node node = start();
    var release = new CountDownLatch(1);
    subscribe(node, CREATED, new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    }));
    publishNeighbours(0, 1);
    eventually(() -> assertThat(group(node).oldestUnsettledAge()).isGreaterThan(Duration.ofMillis(300)));
    release.countDown();
  }

  @Test
  public void what_failed_is_pending_with_its_attempts_and_when_it_is_due() {
    Harness.Node node = start();
    var delay = Duration.ofHours(1);
    subscribe(node, CREATED, new Recorder<>(delivery -> number(delivery) == 0
        ? new Outcome.Retry(Optional.of(delay), "later")
        : Outcome.SETTLED));
    publishNeighbours(0, 3);
    eventually(() -> assertThat(group(node)).satisfies(group -> {
      assertThat(group.pending()).isOne();
      assertThat(group.retrying()).isOne();
    }));
    PendingDelivery waiting = node.messaging()
        .operations()
        .pending(UserEvent.TOPIC, partitionOf(0), GROUP, EntryId.START, 10)
        .getFirst();
    assertThat(waiting.attempts()).isOne();
    assertThat(waiting.id()).isEqualTo(entries(node).getFirst().id());
    assertThat(waiting.dueAt()).hasValueSatisfying(due -> assertThat(due)
        .isBetween(Instant.ofEpochMilli(harness.millis()), Instant.ofEpochMilli(harness.millis()).plus(delay)));
    // Nobody will settle it in this test.
    subscribed.clear();
  }

  @Test
  public void what_is_pending_is_paged_oldest_first() {
    Harness.Node node = start();
    var release = new CountDownLatch(1);
    Recorder<?> handler = subscribe(node, CREATED, new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    }));
    publishNeighbours(0, 5);
    eventually(() -> assertThat(handler.count()).isEqualTo(5));
    List<PendingDelivery> all = pending(node, EntryId.START, 200);
    assertThat(all).extracting(PendingDelivery::id).isSorted().hasSize(5);
    assertThat(all).allSatisfy(delivery -> {
      assertThat(delivery.attempts()).isZero();
      assertThat(delivery.dueAt()).isEmpty();
    });
    assertThat(pending(node, EntryId.START, 2)).extracting(PendingDelivery::id)
        .containsExactly(all.get(0).id(), all.get(1).id());
    assertThat(pending(node, all.get(1).id(), 200)).extracting(PendingDelivery::id)
        .containsExactly(all.get(2).id(), all.get(3).id(), all.get(4).id());
    assertThatThrownBy(() -> pending(node, EntryId.START, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pending(node, EntryId.START, 201)).isInstanceOf(IllegalArgumentException.class);
    release.countDown();
  }

  @Test
  public void a_group_tells_how_many_dead_letters_it_has() {
    Harness.Node node = start();
    subscribe(node, CREATED, new Recorder<>(_ -> new Outcome.Rejected("poison")));
    publishNeighbours(0, 3);
    eventually(() -> assertThat(group(node).deadLetters()).isEqualTo(3));
  }

  @Test
  public void a_consumer_that_got_nothing_is_listed_too() {
    Harness.Node node = start();
    subscribe(node, CREATED, Recorder.settling());
    eventually(() -> assertThat(group(node).consumers()).hasSize(1));
  }

  @Test
  public void a_group_that_does_not_exist_has_nothing_pending() {
    assertThat(start().messaging()
        .operations()
        .pending(UserEvent.TOPIC, partitionOf(0), new Group("nobody"), EntryId.START, 10))
        .isEmpty();
  }

  @Test
  public void deeds_are_kept_in_their_order() {
    AuditLog audit = start().messaging().auditLog();
    assertThat(audit.read(EntryId.START, 10)).isEmpty();
    audit.record("127.0.0.1", "redrive", "payments on orders: 3 ids", "2 redriven");
    audit.record("127.0.0.1", "discard", "payments on orders: 1 id", "1 discarded");
    List<Deed> deeds = audit.read(EntryId.START, 10);
    assertThat(deeds).extracting(Deed::action).containsExactly("redrive", "discard");
    assertThat(deeds.getFirst().who()).isEqualTo("127.0.0.1");
    assertThat(deeds.getFirst().target()).isEqualTo("payments on orders: 3 ids");
    assertThat(deeds.getFirst().result()).isEqualTo("2 redriven");
    assertThat(audit.read(deeds.getFirst().id(), 10)).extracting(Deed::action).containsExactly("discard");
  }

  /** The first user's partition. */
  private StreamStatus users(Harness.Node node) {
    return node.messaging()
        .operations()
        .streams()
        .stream()
        .filter(stream -> stream.stream().equals(UserEvent.TOPIC.name()) && stream.partition() == partitionOf(0))
        .findFirst()
        .orElseThrow();
  }

  private GroupStatus group(Harness.Node node) {
    List<GroupStatus> groups = users(node).groups();
    assertThat(groups).extracting(GroupStatus::group).contains(GROUP.name());
    return groups.getFirst();
  }

  private List<PendingDelivery> pending(Harness.Node node, EntryId after, int limit) {
    return node.messaging().operations().pending(UserEvent.TOPIC, partitionOf(0), GROUP, after, limit);
  }
}
