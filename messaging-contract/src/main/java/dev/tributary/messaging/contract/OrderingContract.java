package dev.tributary.messaging.contract;

import static dev.tributary.messaging.contract.Samples.userCreated;
import static dev.tributary.messaging.contract.Samples.userId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters.Pace;
import dev.tributary.application.DeadLetters.Redriven;
import dev.tributary.application.DeadLetters.Selection;
import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.UnitOfWork;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.Welcome;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * D9 With order per key the events of one key are handled one at a time in stream order, also through failures: while one waits for its retry, later
 * ones of its key wait, other keys go on. For any number of partitions.
 *
 * <p>A user's events are told apart by their turn. What a handler commits for each is an event whose time is that of its cause, so that the log
 * itself tells in which order, and how often, the turns were handled.
 */
@ParameterizedClass(name = "{0} partitions")
@ValueSource(ints = {1, 8, 64})
public abstract class OrderingContract extends ContractFixture {

  private static final SubscriptionSpec<UserCreated> PER_KEY = CREATED.ordered(Ordering.PER_KEY);
  private static final SubscriptionSpec<UserCreated> PARKED = CREATED.ordered(Ordering.PER_KEY_PARKED);
  private static final Selection EVERY = new Selection.Filter(Optional.empty(), Optional.empty(), Optional.empty());
  private static final Pace FAST = Pace.perSecond(10_000);

  private final Overlaps overlaps = new Overlaps();
  /** What a handler began before the one before it was committed. */
  private final Queue<String> early = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean repaired = new AtomicBoolean();

  // One at a time, in the order of the stream.

  @Test
  public void D9_events_of_one_key_are_handled_one_at_a_time_in_the_order_of_the_stream() {
    Harness.Node node = start();
    publishTurns(10, 0, 10);
    Recorder<UserCreated> handler = subscribe(node, PER_KEY, inTurn(node));
    publishTurns(10, 10, 20);
    untilSettled();
    assertThat(IntStream.range(0, 10)).allSatisfy(user -> assertThat(turns(handler, user)).isEqualTo(range(0, 20)));
    assertAllInOrder(node, 10, 20);
  }

  @Test
  public void D9_keys_are_handled_at_the_same_time_while_the_later_ones_of_each_wait() {
    Harness.Node node = start();
    var release = new CountDownLatch(1);
    Recorder<UserCreated> handler = subscribe(node, PER_KEY, new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    }));
    publishTurns(Harness.CONCURRENCY, 0, 3);
    eventually(() -> assertThat(handler.seen()).hasSize(Harness.CONCURRENCY));
    throughout(harness.lease().multipliedBy(2), () -> assertThat(handler.seen()).hasSize(Harness.CONCURRENCY));
    assertThat(handler.seen()).allSatisfy(delivery -> assertThat(turnOf(delivery)).isZero());
    release.countDown();
    untilSettled();
    assertThat(IntStream.range(0, Harness.CONCURRENCY))
        .allSatisfy(user -> assertThat(turns(handler, user)).isEqualTo(range(0, 3)));
  }

  @Test
  public void D9_a_crowd_behind_one_that_takes_long_holds_up_no_other_key() {
    Harness.Node node = start();
    var release = new CountDownLatch(1);
    Recorder<UserCreated> handler = subscribe(node, PER_KEY, new Recorder<>(delivery -> {
      if (number(delivery) == 0 && turnOf(delivery) == 0) {
        release.await();
      }
      return welcome(node, delivery);
    }));
    publishTurns(1, 0, 10 * Harness.CONCURRENCY);
    publishTurnsOf(IntStream.range(1, 6), 0, 3);
    eventually(() -> assertThat(handler.seen()).hasSize(1 + 5 * 3));
    assertThat(turns(handler, 0)).containsExactly(0);
    release.countDown();
    untilSettled();
    assertInOrder(node, 0, 10 * Harness.CONCURRENCY);
    assertThat(IntStream.range(1, 6)).allSatisfy(user -> assertInOrder(node, user, 3));
  }

  @Test
  public void D9_a_group_without_order_beside_it_waits_for_nothing() {
    Harness.Node node = start();
    var release = new CountDownLatch(1);
    Recorder<UserCreated> held = subscribe(node, PER_KEY, new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    }));
    Recorder<UserCreated> others = subscribe(node, CREATED_FOR_OTHERS, new Recorder<>(
        delivery -> delivery.attempt() < 3 && turnOf(delivery) == 0
            ? new Outcome.Retry(Optional.empty(), "not yet")
            : Outcome.SETTLED));
    publishTurns(1, 0, 5);
    eventually(() -> assertThat(turns(others, 0)).containsExactlyInAnyOrder(0, 0, 0, 1, 2, 3, 4));
    assertThat(turns(held, 0)).containsExactly(0);
    release.countDown();
    untilSettled();
    assertThat(turns(held, 0)).isEqualTo(range(0, 5));
  }

  // Through failures.

  @Test
  public void D9_while_one_waits_for_its_retry_the_later_ones_of_its_key_wait_and_other_keys_go_on() {
    Harness.Node node = start();
    var delay = Optional.of(harness.lease().multipliedBy(5));
    Recorder<UserCreated> handler = subscribe(node, PER_KEY, new Recorder<>(delivery -> {
      if (number(delivery) == 0 && turnOf(delivery) == 1 && delivery.attempt() < 3) {
        return new Outcome.Retry(delivery.attempt() == 1 ? delay : Optional.empty(), "not yet");
      }
      return welcome(node, delivery);
    }));
    publishTurns(6, 0, 4);
    eventually(() -> assertThat(handler.seen()).hasSize(2 + 5 * 4));
    assertThat(turns(handler, 0)).as("while it waits").containsExactly(0, 1);
    untilSettled();
    assertThat(turns(handler, 0)).containsExactly(0, 1, 1, 1, 2, 3);
    assertThat(attempts(handler, 0)).containsExactly(1, 1, 2, 3, 1, 1);
    assertAllInOrder(node, 6, 4);
  }

  @Test
  public void D9_a_store_that_a_handler_finds_away_uses_up_no_attempt_and_changes_no_order() {
    Harness.Node node = start();
    var back = new AtomicBoolean();
    Recorder<UserCreated> handler = subscribe(node, PER_KEY, new Recorder<>(delivery -> {
      if (number(delivery) == 0 && turnOf(delivery) == 1 && !back.get()) {
        throw new StoreUnavailableException("away");
      }
      return welcome(node, delivery);
    }));
    publishTurns(6, 0, 4);
    eventually(() -> {
      assertThat(turns(handler, 0)).hasSizeGreaterThan(2 * Harness.ATTEMPTS);
      assertThat(IntStream.range(1, 6)).allSatisfy(user -> assertThat(turns(handler, user)).isEqualTo(range(0, 4)));
    });
    assertThat(turns(handler, 0)).doesNotContain(2, 3);
    back.set(true);
    untilSettled();
    assertThat(turns(handler, 0)).isSorted();
    assertThat(attempts(handler, 0)).containsOnly(1);
    assertAllInOrder(node, 6, 4);
  }

  @Test
  public void D9_a_conflict_is_handled_again_in_its_place() {
    Harness.Node node = start();
    UnitOfWork store = node.messaging().unitOfWork();
    var disturbed = new AtomicBoolean();
    Recorder<UserCreated> handler = subscribe(node, PER_KEY, new Recorder<>(delivery -> {
      Outcome decided = welcome(node, delivery);
      if (turnOf(delivery) == 1 && disturbed.compareAndSet(false, true)) {
        store.commit(request(1), new Work(welcomed(delivery.recorded(), 1).changes(), List.of()));
      }
      return decided;
    }));
    publishTurns(1, 0, 4);
    untilSettled();
    assertThat(turns(handler, 0)).containsExactly(0, 1, 1, 2, 3);
    assertThat(attempts(handler, 0)).containsOnly(1);
    assertThat(committed(node, 0)).isEqualTo(range(0, 4));
    assertThat(welcome(node, 0)).hasValueSatisfying(welcome -> assertThat(welcome.version()).isEqualTo(5));
  }

  @Test
  public void D9_after_the_last_attempt_the_later_ones_go_on() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, PER_KEY, new Recorder<>(
        delivery -> turnOf(delivery) == 0 ? new Outcome.Retry(Optional.empty(), "never") : welcome(node, delivery)));
    publishTurns(1, 0, 3);
    untilSettled();
    assertThat(turns(handler, 0)).containsExactly(0, 0, 0, 1, 2);
    assertThat(attempts(handler, 0)).containsExactly(1, 2, 3, 1, 1);
    assertThat(letters(node)).singleElement()
        .satisfies(letter -> assertThat(letter.attempts()).isEqualTo(Harness.ATTEMPTS));
  }

  @Test
  public void D9_what_is_rejected_lets_the_later_ones_go_on_at_once() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, PER_KEY, poisoned(node, 0));
    publishTurns(2, 0, 3);
    untilSettled();
    assertThat(turns(handler, 0)).containsExactly(0, 1, 2);
    assertThat(committed(node, 0)).containsExactly(1, 2);
    assertInOrder(node, 1, 3);
    assertThat(letters(node)).hasSize(1);
  }

  @Test
  public void D9_what_is_redriven_is_not_handled_beside_a_later_one_of_its_key() {
    Harness.Node node = start();
    var release = new CountDownLatch(1);
    Recorder<UserCreated> handler = subscribe(node, PER_KEY, new Recorder<>(delivery -> {
      if (turnOf(delivery) == 0 && !repaired.get()) {
        return new Outcome.Rejected("poison");
      }
      if (turnOf(delivery) == 1) {
        release.await();
      }
      return welcome(node, delivery);
    }));
    publishTurns(1, 0, 3);
    eventually(() -> assertThat(turns(handler, 0)).containsExactly(0, 1));
    repaired.set(true);
    assertThat(redrive(start(), EVERY)).isEqualTo(new Redriven(1, 1));
    throughout(harness.lease().multipliedBy(2), () -> assertThat(turns(handler, 0)).containsExactly(0, 1));
    release.countDown();
    untilSettled();
    assertThat(committed(node, 0)).startsWith(1).containsExactlyInAnyOrder(0, 1, 2);
  }

  // Parked behind a dead letter.

  @Test
  public void D9_what_comes_behind_a_dead_letter_is_parked_behind_it() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, PARKED, poisoned(node, 1));
    publishTurns(2, 0, 5);
    untilSettled();
    publishTurns(2, 5, 6);
    untilSettled();
    assertThat(turns(handler, 0)).containsExactly(0, 1);
    assertInOrder(node, 0, 1);
    assertInOrder(node, 1, 6);
    List<DeadLetter> letters = letters(node);
    assertThat(turnsOf(letters)).isEqualTo(range(1, 6));
    assertThat(letters).allSatisfy(letter -> assertThat(letter.key()).contains(userId(0).value()));
    assertThat(letters.getFirst().errorClass()).isEqualTo("Rejected");
    assertThat(IntStream.range(1, 5)).allSatisfy(i -> {
      assertThat(letters.get(i).errorClass()).isEqualTo("Parked");
      assertThat(letters.get(i).attempts()).isZero();
      assertThat(letters.subList(0, i)).as("behind which")
          .anySatisfy(ahead -> assertThat(letters.get(i).reason()).contains(ahead.entryId().toString()));
    });
    eventually(() -> assertThat(harness.happened(Happening.DEAD_LETTERED)).isEqualTo(5));
  }

  @Test
  public void D9_what_fails_for_the_last_time_parks_what_waited_for_it() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, PARKED,
        new Recorder<>(_ -> new Outcome.Retry(Optional.empty(), "never")));
    publishTurns(1, 0, 3);
    untilSettled();
    assertThat(turns(handler, 0)).containsExactly(0, 0, 0);
    assertThat(letters(node)).extracting(DeadLetter::attempts).containsExactly(Harness.ATTEMPTS, 0, 0);
  }

  /** Nothing would be done with it, now or later. */
  @Test
  public void D9_what_the_group_passes_over_is_not_parked() {
    Harness.Node node = start();
    subscribe(node, PARKED, poisoned(node, 0));
    publishTurns(1, 0, 1);
    untilSettled();
    node.messaging().publisher().publish(UserEvent.TOPIC, List.of(followUp(userCreated(0, 7), "other")));
    untilSettled();
    assertThat(turnsOf(letters(node))).containsExactly(0);
  }

  @Test
  public void D9_what_was_parked_is_redriven_in_order_and_what_comes_later_follows() {
    Harness.Node node = start();
    subscribe(node, PARKED, poisoned(node, 1));
    publishTurns(2, 0, 5);
    untilSettled();
    repaired.set(true);
    assertThat(redrive(start(), EVERY)).isEqualTo(new Redriven(4, 4));
    publishTurns(2, 5, 8);
    untilSettled();
    assertAllInOrder(node, 2, 8);
    assertThat(letters(node)).isEmpty();
  }

  @Test
  public void D9_what_was_parked_is_redriven_in_order_by_its_ids_too() {
    Harness.Node node = start();
    subscribe(node, PARKED, poisoned(node, 0));
    publishTurns(1, 0, 20);
    untilSettled();
    repaired.set(true);
    assertThat(redrive(start(), ids(letters(node)))).isEqualTo(new Redriven(20, 20));
    untilSettled();
    assertAllInOrder(node, 1, 20);
  }

  /** What comes meanwhile comes after them, or is parked behind those whose time has not come, and is there for the next redrive. */
  @Test
  public void D9_what_comes_while_the_key_is_redriven_keeps_its_place() throws Exception {
    Harness.Node node = start();
    subscribe(node, PARKED, poisoned(node, 0));
    publishTurns(1, 0, 10);
    untilSettled();
    repaired.set(true);
    Harness.Node operator = start();
    Thread redriving = Thread.startVirtualThread(() -> redrive(operator, EVERY, Pace.perSecond(20)));
    for (int turn = 10; turn < 20; turn++) {
      publishTurns(1, turn, turn + 1);
      throughout(harness.lease().dividedBy(10), () -> assertThat(committed(node, 0)).isSorted());
    }
    eventually(() -> assertThat(redriving.isAlive()).isFalse());
    redriving.join();
    eventually(() -> {
      redrive(operator, EVERY);
      assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isZero();
      assertThat(letters(operator)).isEmpty();
    });
    assertAllInOrder(node, 1, 20);
  }

  @Test
  public void D9_what_comes_when_a_part_was_redriven_is_parked_behind_the_rest() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, PARKED, poisoned(node, 0));
    publishTurns(1, 0, 4);
    untilSettled();
    repaired.set(true);
    redrive(start(), ids(letters(node).subList(0, 2)));
    untilSettled();
    publishTurns(1, 4, 5);
    untilSettled();
    assertThat(committed(node, 0)).containsExactly(0, 1);
    assertThat(turnsOf(letters(node))).containsExactly(2, 3, 4);
    redrive(start(), EVERY);
    untilSettled();
    assertInOrder(node, 0, 5);
    assertThat(turns(handler, 0)).containsExactly(0, 0, 1, 2, 3, 4);
  }

  @Test
  public void D9_what_is_redriven_without_those_ahead_of_it_is_parked_again() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, PARKED, poisoned(node, 0));
    publishTurns(1, 0, 4);
    untilSettled();
    repaired.set(true);
    assertThat(redrive(start(), ids(letters(node).subList(2, 3)))).isEqualTo(new Redriven(1, 1));
    eventually(() -> assertThat(harness.happened(Happening.DEAD_LETTERED)).isEqualTo(5));
    untilSettled();
    assertThat(turns(handler, 0)).containsExactly(0);
    assertThat(turnsOf(letters(node))).containsExactlyInAnyOrder(0, 1, 2, 3);
    redrive(start(), EVERY);
    untilSettled();
    assertInOrder(node, 0, 4);
  }

  @Test
  public void D9_what_fails_again_after_its_redrive_parks_the_rest_again() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, PARKED, poisoned(node, 0));
    publishTurns(1, 0, 4);
    untilSettled();
    redrive(start(), EVERY);
    eventually(() -> assertThat(harness.happened(Happening.DEAD_LETTERED)).isEqualTo(8));
    untilSettled();
    assertThat(turns(handler, 0)).containsExactly(0, 0);
    assertThat(letters(node)).extracting(DeadLetter::errorClass)
        .containsExactly("Rejected", "Parked", "Parked", "Parked");
    repaired.set(true);
    redrive(start(), EVERY);
    untilSettled();
    assertInOrder(node, 0, 4);
  }

  @Test
  public void D9_what_was_deleted_from_the_log_comes_back_in_order_all_the_same() {
    Harness.Node node = start();
    subscribe(node, PARKED, poisoned(node, 0));
    publishTurns(1, 0, 5);
    untilSettled();
    harness.delete(UserEvent.TOPIC, Set.copyOf(letters(node).stream().map(DeadLetter::entryId).toList()));
    repaired.set(true);
    redrive(start(), EVERY);
    publishTurns(1, 5, 7);
    untilSettled();
    assertInOrder(node, 0, 7);
    assertThat(letters(node)).isEmpty();
    assertThat(harness.happened(Happening.LOST)).isZero();
  }

  @Test
  public void D9_when_the_letters_of_a_key_were_discarded_its_next_events_are_handled() {
    Harness.Node node = start();
    subscribe(node, PARKED, poisoned(node, 0));
    publishTurns(1, 0, 3);
    untilSettled();
    Set<EntryId> all = letters(node).stream().map(DeadLetter::id).collect(Collectors.toSet());
    assertThat(start().messaging().deadLetters().discard(UserEvent.TOPIC, partitionOf(0), GROUP, all)).isEqualTo(3);
    publishTurns(1, 3, 5);
    untilSettled();
    assertThat(committed(node, 0)).containsExactly(3, 4);
    assertThat(letters(node)).isEmpty();
  }

  @Test
  public void D9_what_is_parked_stays_parked_for_whoever_takes_over() {
    Harness.Node doomed = start();
    subscribe(doomed, PARKED, poisoned(doomed, 0));
    publishTurns(1, 0, 2);
    untilSettled();
    doomed.crash();
    Harness.Node node = start();
    Recorder<UserCreated> successor = subscribe(node, PARKED, welcoming(node));
    publishTurns(2, 2, 4);
    untilSettled();
    assertThat(turns(successor, 0)).isEmpty();
    assertThat(turns(successor, 1)).containsExactly(2, 3);
    assertThat(turnsOf(letters(node))).isEqualTo(range(0, 4));
    redrive(start(), EVERY);
    untilSettled();
    assertInOrder(node, 0, 4);
  }

  // Several processes.

  @Test
  public void D9_an_orderly_end_hands_the_keys_over_in_order() {
    Harness.Node leaving = start();
    Harness.Node staying = start();
    Recorder<UserCreated> handler = subscribe(leaving, PER_KEY, unreliable(leaving));
    subscribe(staying, PER_KEY, unreliable(staying));
    publishTurns(10, 0, 10);
    eventually(() -> assertThat(committedCount(staying)).isGreaterThan(20));
    leaving.close();
    int seen = handler.count();
    publishTurns(10, 10, 15);
    untilSettled();
    assertThat(handler.count()).isEqualTo(seen);
    assertAllInOrder(staying, 10, 15);
  }

  @Test
  public void D9_what_an_orderly_end_interrupts_comes_again_first() {
    Harness.Node leaving = start();
    Recorder<UserCreated> hanging = subscribe(leaving, PER_KEY, new Recorder<>(_ -> hang()));
    publishTurns(3, 0, 4);
    eventually(() -> assertThat(hanging.seen()).hasSize(3));
    Harness.Node staying = start();
    Recorder<UserCreated> successor = subscribe(staying, PER_KEY, inTurn(staying));
    leaving.close();
    untilSettled();
    assertThat(IntStream.range(0, 3))
        .allSatisfy(user -> assertThat(turns(successor, user)).isEqualTo(range(0, 4)));
    assertThat(successor.seen()).allSatisfy(delivery -> assertThat(delivery.attempt()).isOne());
    assertAllInOrder(staying, 3, 4);
  }

  @Test
  public void D9_a_crash_hands_the_keys_over_in_order() {
    Harness.Node doomed = start();
    Harness.Node staying = start();
    subscribe(doomed, PER_KEY, unreliable(doomed));
    subscribe(staying, PER_KEY, unreliable(staying));
    publishTurns(10, 0, 10);
    eventually(() -> assertThat(committedCount(staying)).isGreaterThan(20));
    overlaps.crash(doomed);
    publishTurns(10, 10, 15);
    untilSettled();
    assertAllInOrder(staying, 10, 15);
  }

  @Test
  public void D9_while_processes_come_and_go_each_key_keeps_its_order() {
    var alive = new ArrayDeque<Harness.Node>();
    IntStream.range(0, 3).forEach(_ -> alive.add(join()));
    for (int round = 0; round < 6; round++) {
      int turn = 5 * round;
      publishTurns(20, turn, turn + 5);
      Harness.Node witness = alive.getLast();
      eventually(() -> assertThat(committedCount(witness)).isGreaterThan(20 * turn));
      if (round % 2 == 0) {
        alive.removeFirst().close();
      } else {
        overlaps.crash(alive.removeFirst());
      }
      alive.add(join());
    }
    untilSettled();
    assertAllInOrder(alive.getLast(), 20, 30);
  }

  private Harness.Node join() {
    Harness.Node node = start();
    subscribe(node, PER_KEY, unreliable(node));
    return node;
  }

  @Test
  public void D9_a_consumer_that_lost_its_partition_changes_nothing_and_the_events_come_again_in_order() {
    var first = new AtomicBoolean(true);
    var lateMayGoOn = new CountDownLatch(1);
    var lateEnded = new CountDownLatch(1);
    Harness.Node late = start();
    Recorder<UserCreated> handler = subscribe(late, PER_KEY, new Recorder<>(delivery -> {
      if (first.compareAndSet(true, false)) {
        awaitStubbornly(lateMayGoOn);
        lateEnded.countDown();
        return settled(welcomed(late(delivery.recorded()), 0));
      }
      return welcome(late, delivery);
    }));
    publishTurns(1, 0, 4);
    eventually(() -> assertThat(handler.seen()).hasSize(1));
    Harness.Node other = start();
    // Whoever reads the partition next takes it over: that may be the late one itself.
    subscribe(other, PER_KEY, inTurn(other));
    harness.seize(UserEvent.TOPIC, GROUP);
    untilSettled();
    lateMayGoOn.countDown();
    eventually(() -> assertThat(lateEnded.getCount()).isZero());
    eventually(() -> assertThat(harness.happened(Happening.FENCED)).isPositive());
    publishTurns(1, 4, 6);
    untilSettled();
    assertInOrder(other, 0, 6);
  }

  // What may happen to a group.

  @Test
  public void D9_a_group_that_was_put_back_to_the_start_handles_nothing_twice_and_keeps_its_order() {
    Harness.Node node = start();
    subscribe(node, PER_KEY, unreliable(node));
    publishTurns(5, 0, 5);
    untilSettled();
    harness.rewind(UserEvent.TOPIC, GROUP);
    publishTurns(5, 5, 8);
    eventually(() -> assertThat(committedCount(node)).isEqualTo(5 * 8));
    untilSettled();
    assertAllInOrder(node, 5, 8);
    eventually(() -> assertThat(harness.happened(Happening.DUPLICATE)).isEqualTo(5 * 5));
  }

  @Test
  public void D9_a_group_that_was_destroyed_handles_nothing_twice_and_keeps_its_order() {
    Harness.Node node = start();
    subscribe(node, PER_KEY, unreliable(node));
    publishTurns(5, 0, 10);
    eventually(() -> assertThat(committedCount(node)).isGreaterThan(10));
    harness.destroyGroup(UserEvent.TOPIC, GROUP);
    publishTurns(5, 10, 12);
    eventually(() -> assertThat(committedCount(node)).isEqualTo(5 * 12));
    untilSettled();
    assertThat(IntStream.range(0, 5)).allSatisfy(user -> assertInOrder(node, user, 12));
  }

  // Handlers.

  /** Sees to it that nothing began early. */
  private Recorder<UserCreated> inTurn(Harness.Node node) {
    return new Recorder<>(overlaps.watch(node, delivery -> handleInTurn(node, delivery)));
  }

  private Outcome handleInTurn(Harness.Node node, Delivery<UserCreated> delivery) {
    long before = node.messaging()
        .unitOfWork()
        .load(Welcome.key(delivery.event().userId()))
        .map(Versioned::version)
        .orElse(0L);
    if (before < turnOf(delivery)) {
      early.add(delivery + " after " + before);
    }
    return settled(welcomed(delivery.recorded(), before));
  }

  /** Fails in every way that a handler may, but never for the last time. */
  private Recorder<UserCreated> unreliable(Harness.Node node) {
    var random = new Random(9);
    EventHandler<UserCreated> handler = delivery -> {
      Outcome good = handleInTurn(node, delivery);
      boolean mayFail = delivery.attempt() < Harness.ATTEMPTS;
      return switch (random.nextInt(16)) {
        case 0 -> mayFail ? new Outcome.Retry(Optional.empty(), "not yet") : good;
        case 1 -> {
          if (mayFail) {
            throw new IllegalStateException("broken");
          }
          yield good;
        }
        case 2 -> throw new StoreUnavailableException("away");
        case 3 -> settled(welcomed(delivery.recorded(), 1000));
        default -> good;
      };
    };
    return new Recorder<>(overlaps.watch(node, handler));
  }

  /** Rejects that turn of the first user until it is repaired. */
  private Recorder<UserCreated> poisoned(Harness.Node node, int turn) {
    return new Recorder<>(overlaps.watch(node,
        delivery -> number(delivery) == 0 && turnOf(delivery) == turn && !repaired.get()
            ? new Outcome.Rejected("poison")
            : welcome(node, delivery)));
  }

  // What there is, and what came of it.

  private void publishTurns(int users, int from, int to) {
    publishTurnsOf(IntStream.range(0, users), from, to);
  }

  private void publishTurnsOf(IntStream users, int from, int to) {
    int[] all = users.toArray();
    IntStream.range(from, to)
        .forEach(turn -> publish(IntStream.of(all).mapToObj(user -> userCreated(user, turn)).toList()));
  }

  private static int turnOf(Delivery<UserCreated> delivery) {
    return Samples.turn(delivery.recorded().at());
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  /** In the order in which the handler began with them. */
  private static List<Integer> turns(Recorder<UserCreated> handler, int user) {
    return handler.seen().stream().filter(each -> number(each) == user).map(OrderingContract::turnOf).toList();
  }

  private static List<Integer> attempts(Recorder<UserCreated> handler, int user) {
    return handler.seen().stream().filter(each -> number(each) == user).map(Delivery::attempt).toList();
  }

  private static List<Integer> turnsOf(List<DeadLetter> letters) {
    return letters.stream().map(letter -> turn(letter.fields().getOrDefault("timestamp", ""))).toList();
  }

  /** In the order in which they were committed. */
  private List<Integer> committed(Harness.Node node, int user) {
    return emitted(node).stream()
        .map(entry -> entry.fields())
        .filter(fields -> userId(user).value().equals(fields.get("key")))
        .map(fields -> turn(fields.getOrDefault("timestamp", "")))
        .toList();
  }

  private static int turn(String timestamp) {
    return Samples.turn(Instant.ofEpochMilli(Long.parseLong(timestamp)));
  }

  private int committedCount(Harness.Node node) {
    return emitted(node).size();
  }

  /** Every turn of the user once, one after the other. */
  private void assertInOrder(Harness.Node node, int user, int turns) {
    assertThat(committed(node, user)).as("committed turns of user " + user).isEqualTo(range(0, turns));
    assertThat(welcome(node, user).map(Versioned::version).orElse(0L)).isEqualTo(turns);
  }

  /** And none of them was begun before the last had ended; who lost its partition may still have been at it, and was fenced. */
  private void assertAllInOrder(Harness.Node node, int users, int turns) {
    assertThat(IntStream.range(0, users)).allSatisfy(user -> assertInOrder(node, user, turns));
    assertThat(early).as("begun before the last was committed").isEmpty();
    assertThat(overlaps.count()).as("two at the same time")
        .isLessThanOrEqualTo((int) harness.happened(Happening.FENCED));
  }

  private Redriven redrive(Harness.Node operator, Selection which) {
    return redrive(operator, which, FAST);
  }

  /** Of the first user's partition. */
  private Redriven redrive(Harness.Node operator, Selection which, Pace pace) {
    return operator.messaging().deadLetters().redrive(UserEvent.TOPIC, partitionOf(0), GROUP, which, pace);
  }

  private static Selection ids(List<DeadLetter> letters) {
    return new Selection.Ids(letters.stream().map(DeadLetter::id).collect(Collectors.toSet()));
  }
}
