package dev.tributary.messaging.contract;

import static dev.tributary.messaging.contract.Samples.userCreated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters;
import dev.tributary.application.DeadLetters.Pace;
import dev.tributary.application.DeadLetters.Redriven;
import dev.tributary.application.DeadLetters.Selection;
import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dead letter tells, and what an operator may do with those of one partition. Continues D7. */
@ParameterizedClass(name = "{0} partitions")
@ValueSource(ints = {1, 8, 64})
public abstract class DeadLettersContract extends ContractFixture {

  private static final Pace FAST = Pace.perSecond(10_000);
  private static final EntryId NOT_THERE = new EntryId(1, 1);
  private static final Group UNKNOWN = new Group("contract-unknown-group");
  private static final Selection EVERY = filter(Optional.empty(), Optional.empty());

  private final AtomicBoolean repaired = new AtomicBoolean();

  // What it tells.

  @Test
  public void a_dead_letter_tells_of_its_entry_and_of_its_failures() {
    Harness.Node node = start();
    long before = harness.millis();
    subscribe(node, CREATED, new Recorder<>(_ -> new Outcome.Retry(Optional.empty(), "not today")));
    publishNeighbours(0, 1);
    untilDead(1);
    assertThat(letters(node)).singleElement().satisfies(letter -> {
      assertThat(letter.entryId()).isEqualTo(entries(node).getFirst().id());
      assertThat(letter.type()).contains("user_created");
      assertThat(letter.key()).contains("user-0");
      assertThat(letter.fields()).isEqualTo(entries(node).getFirst().fields());
      assertThat(event(letter.fields()).path("userId").textValue()).isEqualTo("user-0");
      assertThat(letter.reason()).isEqualTo("not today");
      assertThat(letter.errorClass()).isEqualTo("Retry");
      assertThat(letter.attempts()).isEqualTo(Harness.ATTEMPTS);
      assertThat(letter.firstFailureAt().toEpochMilli()).isBetween(before, letter.lastFailureAt().toEpochMilli());
      assertThat(letter.lastFailureAt().toEpochMilli()).isLessThanOrEqualTo(harness.millis());
    });
  }

  @Test
  public void a_dead_letter_names_the_exception() {
    Harness.Node node = start();
    subscribe(node, CREATED, new Recorder<>(_ -> {
      throw new IllegalStateException("broken");
    }));
    publishNeighbours(0, 1);
    untilDead(1);
    assertThat(letters(node)).singleElement().satisfies(letter -> {
      assertThat(letter.reason()).contains("broken");
      assertThat(letter.errorClass()).isEqualTo(IllegalStateException.class.getName());
      assertThat(letter.attempts()).isEqualTo(Harness.ATTEMPTS);
    });
  }

  @Test
  public void a_dead_letter_says_that_its_handler_rejected_it() {
    Harness.Node node = start();
    subscribe(node, CREATED, new Recorder<>(_ -> new Outcome.Rejected("poison")));
    publishNeighbours(0, 1);
    untilDead(1);
    assertThat(letters(node)).singleElement().satisfies(letter -> {
      assertThat(letter.reason()).isEqualTo("poison");
      assertThat(letter.errorClass()).isEqualTo("Rejected");
      assertThat(letter.attempts()).isOne();
      assertThat(letter.firstFailureAt()).isEqualTo(letter.lastFailureAt());
    });
  }

  @Test
  public void dead_letters_are_paged_oldest_first() {
    Harness.Node node = start();
    subscribe(node, CREATED, rejecting());
    publishNeighbours(0, 5);
    untilDead(5);
    List<DeadLetter> all = letters(node);
    assertThat(all).extracting(DeadLetter::id).isSorted().doesNotHaveDuplicates();
    assertThat(page(node, EntryId.START, 2)).isEqualTo(all.subList(0, 2));
    assertThat(page(node, all.get(1).id(), 2)).isEqualTo(all.subList(2, 4));
    assertThat(page(node, all.get(3).id(), 2)).isEqualTo(all.subList(4, 5));
    assertThat(page(node, all.getLast().id(), 2)).isEmpty();
    assertThatThrownBy(() -> page(node, EntryId.START, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> page(node, EntryId.START, 201)).isInstanceOf(IllegalArgumentException.class);
  }

  // Redrive.

  @Test
  public void what_is_redriven_comes_in_the_trace_that_it_came_in_first() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, rejecting());
    node.messaging().publisher().publish(UserEvent.TOPIC, List.of(userCreated(0).from(trace(1))));
    untilDead(1);
    repaired.set(true);
    redrive(node, EVERY);
    eventually(() -> assertThat(handler.seen()).hasSize(2));
    assertThat(handler.seen()).allSatisfy(delivery -> assertThat(delivery.recorded().trace()).contains(trace(1)));
  }

  @Test
  public void what_is_redriven_by_id_comes_again_to_its_group_alone() {
    Harness.Node node = start();
    Recorder<UserCreated> others = subscribe(node, CREATED_FOR_OTHERS, Recorder.settling());
    Recorder<UserCreated> handler = subscribe(node, CREATED, rejecting());
    publishNeighbours(0, 5);
    untilDead(5);
    List<DeadLetter> all = letters(node);
    Set<EntryId> chosen = Set.of(all.get(1).id(), all.get(3).id());
    repaired.set(true);
    assertThat(redrive(node, ids(chosen, NOT_THERE))).isEqualTo(new Redriven(2, 2));
    eventually(() -> assertThat(handler.seen()).hasSize(7));
    assertThat(handler.seen().subList(5, 7)).extracting(delivery -> "user-" + number(delivery))
        .containsExactlyInAnyOrder(all.get(1).key().orElseThrow(), all.get(3).key().orElseThrow());
    untilSettled();
    assertThat(letters(node)).containsExactly(all.get(0), all.get(2), all.get(4));
    eventually(() -> assertThat(others.seen()).hasSize(5));
    throughout(harness.lease().multipliedBy(2), () -> {
      assertThat(handler.seen()).as("settled stays settled").hasSize(7);
      assertThat(others.seen()).as("others").hasSize(5);
    });
    assertWelcomed(node, chosen.size());
  }

  @Test
  public void what_is_redriven_by_filter_agrees_with_all_that_is_given() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (repaired.get()) {
        return Outcome.SETTLED;
      }
      if (neighbours(3).contains(number(delivery))) {
        throw new IllegalStateException("broken");
      }
      return new Outcome.Rejected("poison");
    }));
    publishNeighbours(0, 5);
    untilDead(5);
    repaired.set(true);
    Optional<String> rejected = Optional.of("Rejected");
    assertThat(matching(node, filter(Optional.of("user_created"), rejected))).isEqualTo(2);
    assertThat(matching(node, filter(Optional.of("user_profile_created"), rejected))).isZero();
    assertThat(matching(node, filter(Optional.empty(), Optional.of("Retry")))).isZero();
    assertThat(matching(node, EVERY)).isEqualTo(5);
    assertThat(letters(node)).as("counting changes nothing").hasSize(5);
    int before = handler.count();
    assertThat(redrive(node, filter(Optional.of("user_profile_created"), rejected))).isEqualTo(new Redriven(0, 0));
    assertThat(redrive(node, filter(Optional.of("user_created"), rejected))).isEqualTo(new Redriven(2, 2));
    eventually(() -> assertThat(handler.seen()).hasSize(before + 2));
    assertThat(handler.seen().subList(before, before + 2)).extracting(DeadLettersContract::number)
        .containsExactlyInAnyOrderElementsOf(neighbours(5).subList(3, 5));
    assertThat(letters(node)).extracting(DeadLetter::errorClass)
        .containsOnly(IllegalStateException.class.getName())
        .hasSize(3);
  }

  @Test
  public void what_was_given_up_before_a_time_is_redriven_and_nothing_later() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, rejecting());
    publishNeighbours(0, 2);
    untilDead(2);
    throughout(Duration.ofMillis(50), () -> assertThat(handler.seen()).hasSize(2));
    publishNeighbours(2, 1);
    untilDead(3);
    repaired.set(true);
    DeadLetter latest = letters(node).getLast();
    var earlier = new Selection.Filter(Optional.empty(), Optional.empty(), Optional.of(latest.lastFailureAt()));
    assertThat(matching(node, earlier)).isEqualTo(2);
    assertThat(redrive(node, earlier)).isEqualTo(new Redriven(2, 2));
    eventually(() -> assertThat(handler.seen()).hasSize(5));
    untilSettled();
    assertThat(letters(node)).containsExactly(latest);
  }

  @Test
  public void attempts_begin_anew_and_what_fails_again_is_a_dead_letter_again() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED,
        new Recorder<>(_ -> new Outcome.Retry(Optional.empty(), "never")));
    publishNeighbours(0, 1);
    untilDead(1);
    DeadLetter first = letters(node).getFirst();
    assertThat(redrive(node, EVERY)).isEqualTo(new Redriven(1, 1));
    eventually(() -> assertThat(handler.seen()).hasSize(2 * Harness.ATTEMPTS));
    untilDead(1);
    assertThat(handler.seen()).extracting(Delivery::attempt).containsExactly(1, 2, 3, 1, 2, 3);
    assertThat(letters(node)).singleElement().satisfies(letter -> {
      assertThat(letter.entryId()).isEqualTo(first.entryId());
      assertThat(letter.fields()).isEqualTo(first.fields());
      assertThat(letter.attempts()).isEqualTo(Harness.ATTEMPTS);
      assertThat(letter.firstFailureAt()).isAfterOrEqualTo(first.lastFailureAt());
    });
    repaired.set(true);
  }

  @Test
  public void redriving_twice_delivers_once() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, rejecting());
    publishNeighbours(0, 5);
    untilDead(5);
    repaired.set(true);
    Selection all = ids(letters(node).stream().map(DeadLetter::id).collect(Collectors.toSet()), NOT_THERE);
    assertThat(redrive(node, all)).isEqualTo(new Redriven(5, 5));
    assertThat(redrive(node, all)).isEqualTo(new Redriven(0, 0));
    eventually(() -> assertThat(handler.seen()).hasSize(10));
    throughout(harness.lease(), () -> assertThat(handler.seen()).hasSize(10));
    assertWelcomed(node, 5);
  }

  @Test
  public void redriving_at_the_same_time_delivers_once() throws Exception {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, rejecting());
    publishNeighbours(0, 50);
    untilDead(50);
    repaired.set(true);
    Selection all = ids(letters(node).stream().map(DeadLetter::id).collect(Collectors.toSet()), NOT_THERE);
    var redriven = new AtomicLong();
    List<Thread> threads = IntStream.range(0, 8)
        .mapToObj(i -> Thread.startVirtualThread(
            () -> redriven.addAndGet(redrive(node, i % 2 == 0 ? all : EVERY).redriven())))
        .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(redriven).hasValue(50);
    eventually(() -> assertThat(handler.seen()).hasSize(100));
    throughout(harness.lease(), () -> assertThat(handler.seen()).hasSize(100));
    assertWelcomed(node, 50);
  }

  @Test
  public void redriving_keeps_to_the_rate_it_was_given() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, rejecting());
    publishNeighbours(0, 5);
    untilDead(5);
    repaired.set(true);
    long began = harness.millis();
    Thread redriving = Thread
        .startVirtualThread(
            () -> node.messaging()
                .deadLetters()
                .redrive(UserEvent.TOPIC, partitionOf(0), GROUP, EVERY, Pace.perSecond(10)));
    eventually(() -> assertThat(handler.seen()).hasSize(10));
    assertThat(harness.millis() - began).isGreaterThanOrEqualTo(400);
    eventually(() -> assertThat(redriving.isAlive()).isFalse());
  }

  @Test
  public void redriving_begins_as_late_as_it_was_told() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, rejecting());
    publishNeighbours(0, 3);
    untilDead(3);
    repaired.set(true);
    long began = harness.millis();
    var pace = new Pace(Duration.ofMillis(400), Duration.ofNanos(1));
    assertThat(node.messaging().deadLetters().redrive(UserEvent.TOPIC, partitionOf(0), GROUP, EVERY, pace))
        .isEqualTo(new Redriven(3, 3));
    eventually(() -> assertThat(handler.seen()).hasSizeGreaterThan(3));
    assertThat(harness.millis() - began).isGreaterThanOrEqualTo(400);
    eventually(() -> assertThat(handler.seen()).hasSize(6));
  }

  @Test
  public void what_is_redriven_is_taken_over_from_a_crashed_process() {
    Harness.Node doomed = start();
    Recorder<UserCreated> rejecting = subscribe(doomed, CREATED,
        new Recorder<>(_ -> repaired.get() ? hang() : new Outcome.Rejected("poison")));
    publishNeighbours(0, 3);
    untilDead(3);
    repaired.set(true);
    assertThat(redrive(doomed, EVERY)).isEqualTo(new Redriven(3, 3));
    eventually(() -> assertThat(rejecting.seen()).hasSize(6));
    doomed.crash();
    Harness.Node node = start();
    Recorder<UserCreated> successor = subscribe(node, CREATED, welcoming(node));
    eventually(() -> assertThat(successor.seen()).hasSize(3));
    untilSettled();
    assertThat(letters(node)).isEmpty();
    assertWelcomed(node, 3);
  }

  @Test
  public void what_was_deleted_from_the_log_is_redriven_all_the_same() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, rejecting());
    Recorded<UserEvent> event = publishNeighbours(0, 1).getFirst();
    untilDead(1);
    untilSettled();
    harness.delete(UserEvent.TOPIC, Set.of(letters(node).getFirst().entryId()));
    repaired.set(true);
    assertThat(redrive(node, EVERY)).isEqualTo(new Redriven(1, 1));
    eventually(() -> assertThat(handler.seen()).hasSize(2));
    Delivery<UserCreated> again = handler.seen().getLast();
    assertThat(again.id()).isEqualTo(event.id());
    assertThat(again.event()).isEqualTo(userCreated(0).event());
    assertThat(again.recorded().at()).isEqualTo(event.at());
    untilSettled();
    assertWelcomed(node, 1);
    assertThat(harness.happened(Happening.LOST)).isZero();
    throughout(harness.lease(), () -> assertThat(handler.seen()).hasSize(2));
  }

  // Discard.

  @Test
  public void what_is_discarded_is_gone() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, rejecting());
    publishNeighbours(0, 3);
    untilDead(3);
    List<DeadLetter> all = letters(node);
    var discarded = Set.of(all.get(0).id(), all.get(2).id(), NOT_THERE);
    DeadLetters deadLetters = node.messaging().deadLetters();
    assertThat(deadLetters.discard(UserEvent.TOPIC, partitionOf(0), GROUP, discarded)).isEqualTo(2);
    assertThat(deadLetters.discard(UserEvent.TOPIC, partitionOf(0), GROUP, discarded)).isZero();
    assertThat(letters(node)).containsExactly(all.get(1));
    assertThat(redrive(node, new Selection.Ids(discarded))).isEqualTo(new Redriven(0, 0));
    throughout(harness.lease(), () -> assertThat(handler.seen()).hasSize(3));
  }

  @Test
  public void of_a_group_that_nobody_knows_there_is_nothing() {
    Harness.Node node = start();
    publishNeighbours(0, 1);
    DeadLetters deadLetters = node.messaging().deadLetters();
    assertThat(deadLetters.list(UserEvent.TOPIC, partitionOf(0), UNKNOWN, EntryId.START, 10)).isEmpty();
    assertThat(deadLetters.count(UserEvent.TOPIC, partitionOf(0), UNKNOWN, EVERY)).isZero();
    assertThat(deadLetters.discard(UserEvent.TOPIC, partitionOf(0), UNKNOWN, Set.of(NOT_THERE))).isZero();
    assertThatThrownBy(() -> deadLetters.redrive(UserEvent.TOPIC, partitionOf(0), UNKNOWN, EVERY, FAST))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Until it is repaired. */
  private Recorder<UserCreated> rejecting() {
    return new Recorder<>(delivery -> repaired.get()
        ? settled(welcomed(delivery.recorded(), 0))
        : new Outcome.Rejected("poison"));
  }

  private void untilDead(int count) {
    eventually(() -> assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isEqualTo(count));
  }

  private void assertWelcomed(Harness.Node node, int count) {
    untilSettled();
    assertThat(emitted(node)).hasSize(count);
  }

  private List<DeadLetter> page(Harness.Node node, EntryId after, int limit) {
    return node.messaging().deadLetters().list(UserEvent.TOPIC, partitionOf(0), GROUP, after, limit);
  }

  private Redriven redrive(Harness.Node node, Selection which) {
    return node.messaging().deadLetters().redrive(UserEvent.TOPIC, partitionOf(0), GROUP, which, FAST);
  }

  private long matching(Harness.Node node, Selection which) {
    return node.messaging().deadLetters().count(UserEvent.TOPIC, partitionOf(0), GROUP, which);
  }

  private static Selection ids(Set<EntryId> ids, EntryId more) {
    var all = new HashSet<>(ids);
    all.add(more);
    return new Selection.Ids(all);
  }

  private static Selection filter(Optional<String> type, Optional<String> errorClass) {
    return new Selection.Filter(type, errorClass, Optional.empty());
  }
}
