package dev.tributary.messaging.contract;

import static dev.tributary.messaging.contract.Samples.userCreated;
import static dev.tributary.messaging.contract.Samples.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import ch.qos.logback.classic.Level;
import dev.tributary.application.CommitResult;
import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.application.DerivedId;
import dev.tributary.application.Page;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.UnitOfWork;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.Welcome;
import dev.tributary.domain.user.WelcomeEmailSent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

/** The promises of delivery, by their numbers in the documentation. */
@ParameterizedClass(name = "{0} partitions")
@ValueSource(ints = {1, 8, 64})
public abstract class MessagingContract extends ContractFixture {

  // D1 What a publish or a commit has confirmed is delivered to every declared group, also one that first starts later.

  @Test
  public void D1_what_was_published_reaches_every_group() {
    Recorder<UserCreated> first = subscribe(start(), CREATED, Recorder.settling());
    Recorder<UserCreated> second = subscribe(start(), CREATED_FOR_OTHERS, Recorder.settling());
    List<Recorded<UserEvent>> events = publish(0, 50);
    eventually(() -> assertThat(first.seen()).hasSize(50));
    eventually(() -> assertThat(second.seen()).hasSize(50));
    assertThat(first.seen()).extracting(Delivery::recorded)
        .extracting(Recorded::id)
        .containsExactlyInAnyOrderElementsOf(events.stream().map(Recorded::id).toList());
  }

  @Test
  public void D1_what_is_delivered_is_what_was_published() {
    Recorder<UserCreated> handler = subscribe(start(), CREATED, Recorder.settling());
    Recorded<UserEvent> event = publish(7, 1).getFirst();
    eventually(() -> assertThat(handler.seen()).hasSize(1));
    Delivery<UserCreated> delivery = handler.seen().getFirst();
    assertThat(delivery.recorded().id()).isEqualTo(event.id());
    assertThat(delivery.recorded().at()).isEqualTo(event.at());
    assertThat(delivery.event()).isEqualTo(event.event());
    assertThat(delivery.attempt()).isEqualTo(1);
  }

  @Test
  public void D1_a_group_that_starts_late_gets_what_came_before() {
    publish(0, 20);
    Recorder<UserCreated> late = subscribe(start(), CREATED, Recorder.settling());
    eventually(() -> assertThat(late.seen()).hasSize(20));
  }

  @Test
  public void D1_the_consumers_of_a_group_share_its_deliveries() {
    Recorder<UserCreated> one = subscribe(start(), CREATED, Recorder.settling());
    Recorder<UserCreated> two = subscribe(start(), CREATED, Recorder.settling());
    publish(0, 200);
    eventually(() -> assertThat(one.count() + two.count()).isEqualTo(200));
    var all = new HashSet<>(one.ids());
    all.addAll(two.ids());
    assertThat(all).hasSize(200);
  }

  @Test
  public void D1_what_a_request_committed_is_delivered() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, Recorder.settling());
    assertThat(node.messaging().unitOfWork().commit(request(1), welcomed(userCreated(1), 0)))
        .isInstanceOf(CommitResult.Committed.class);
    Recorder<WelcomeEmailSent> sent = subscribe(node,
        new SubscriptionSpec<>(UserEvent.TOPIC, OTHER_GROUP, WelcomeEmailSent.class),
        Recorder.settling());
    eventually(() -> assertThat(sent.seen()).hasSize(1));
    assertThat(handler.seen()).isEmpty();
  }

  @Test
  public void D1_a_group_passes_over_what_it_does_not_handle() {
    Harness.Node node = start();
    Recorder<WelcomeEmailSent> handler = subscribe(node,
        new SubscriptionSpec<>(UserEvent.TOPIC, GROUP, WelcomeEmailSent.class),
        Recorder.settling());
    publish(0, 30);
    eventually(() -> assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isZero());
    assertThat(handler.seen()).isEmpty();
    assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isZero();
  }

  /** The field {@code traceparent} of the entries, whoever put them there. */
  @Test
  public void D1_the_trace_of_what_was_published_or_committed_is_delivered() {
    Harness.Node node = start();
    node.messaging().publisher().publish(UserEvent.TOPIC, List.of(userCreated(0).from(trace(1)), userCreated(1)));
    node.messaging().unitOfWork().commit(request(1), welcomed(userCreated(2), 0).from(trace(2)));
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(
        delivery -> settled(welcomed(delivery.recorded(), 0).from(trace(3 + number(delivery))))));
    Recorder<WelcomeEmailSent> sent = subscribe(node,
        new SubscriptionSpec<>(UserEvent.TOPIC, OTHER_GROUP, WelcomeEmailSent.class), Recorder.settling());
    eventually(() -> assertThat(sent.seen()).hasSize(3));
    assertThat(handler.seen()).extracting(delivery -> delivery.recorded().trace())
        .containsExactlyInAnyOrder(Optional.of(trace(1)), Optional.empty());
    assertThat(sent.seen()).extracting(delivery -> delivery.recorded().trace().orElseThrow())
        .containsExactlyInAnyOrder(trace(2), trace(3), trace(4));
    assertThat(entries(node)).extracting(entry -> Optional.ofNullable(entry.fields().get("traceparent")))
        .containsExactlyInAnyOrder(Optional.of(trace(1).toString()), Optional.empty(),
            Optional.of(trace(2).toString()), Optional.of(trace(3).toString()), Optional.of(trace(4).toString()));
  }

  // D2 A delivery that is not settled comes again: after its lease, after a crash, after a restart of the server, whatever died.

  @Test
  public void D2_what_a_crashed_process_had_in_hand_is_taken_over() {
    Harness.Node doomed = start();
    Recorder<UserCreated> hanging = subscribe(doomed, CREATED, new Recorder<>(_ -> hang()));
    publish(0, 5);
    eventually(() -> assertThat(hanging.seen()).hasSize(5));
    doomed.crash();
    Recorder<UserCreated> successor = subscribe(start(), CREATED, Recorder.settling());
    eventually(() -> assertThat(successor.seen()).hasSize(5));
    assertThat(successor.ids()).containsExactlyInAnyOrderElementsOf(hanging.ids());
    assertThat(harness.happened(Happening.CLAIMED)).isEqualTo(5);
  }

  @Test
  public void D2_what_nobody_settled_survives_a_restart_of_the_store() {
    Recorder<UserCreated> hanging = new Recorder<>(_ -> hang());
    Harness.Node doomed = start();
    subscribe(doomed, CREATED, hanging);
    publish(0, 5);
    eventually(() -> assertThat(hanging.seen()).hasSize(5));
    doomed.crash();
    harness.restartStore();
    Recorder<UserCreated> successor = subscribe(start(), CREATED, Recorder.settling());
    eventually(() -> assertThat(successor.seen()).hasSize(5));
  }

  @Test
  public void D2_what_is_in_hand_at_an_orderly_end_is_given_back_at_once() {
    // Nobody takes it over because its lease has run out.
    Harness.NodeSettings settings = Harness.NodeSettings.DEFAULT.withLease(Duration.ofHours(1));
    Harness.Node leaving = start(settings);
    Recorder<UserCreated> hanging = subscribe(leaving, CREATED, new Recorder<>(_ -> hang()));
    publish(0, 3);
    eventually(() -> assertThat(hanging.seen()).hasSize(3));
    leaving.close();
    Recorder<UserCreated> successor = subscribe(start(settings), CREATED, Recorder.settling());
    eventually(() -> assertThat(successor.seen()).hasSize(3));
    assertThat(successor.seen())
        .allSatisfy(delivery -> assertThat(delivery.attempt()).as("an interrupted run is no failed attempt").isOne());
  }

  @Test
  public void D2_a_handler_that_runs_long_keeps_its_lease() {
    var release = new CountDownLatch(1);
    Recorder<UserCreated> slow = new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    });
    // Longer than others': a process that was kept from its work would rightly lose it.
    var lease = Duration.ofSeconds(2);
    Harness.NodeSettings settings = Harness.NodeSettings.DEFAULT.withLease(lease);
    subscribe(start(settings), CREATED, slow);
    Recorder<UserCreated> idle = subscribe(start(settings), CREATED, new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    }));
    publish(0, 1);
    eventually(() -> assertThat(slow.count() + idle.count()).isOne());
    throughout(lease.multipliedBy(2), () -> assertThat(slow.count() + idle.count()).isOne());
    release.countDown();
  }

  // D3 A settled delivery does not come again.

  @Test
  public void D3_a_settled_delivery_does_not_come_again() {
    Harness.Node first = start();
    Recorder<UserCreated> handler = subscribe(first, CREATED, Recorder.settling());
    publish(0, 10);
    eventually(() -> assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isZero());
    // Counted after it was settled: not by one who has crashed.
    eventually(() -> assertThat(harness.happened(Happening.SETTLED)).isEqualTo(10));
    first.crash();
    harness.restartStore();
    Recorder<UserCreated> successor = subscribe(start(), CREATED, Recorder.settling());
    throughout(harness.lease().multipliedBy(2), () -> assertThat(successor.seen()).isEmpty());
    assertThat(handler.seen()).hasSize(10);
    assertThat(harness.happened(Happening.SETTLED)).isEqualTo(10);
  }

  // D4 State changes, emitted events, the mark that the event was handled, and the acknowledgement happen in one step or not at all.

  @Test
  public void D4_state_and_events_come_with_the_acknowledgement() {
    Harness.Node node = start();
    subscribe(node, CREATED, new Recorder<>(delivery -> settled(welcomed(delivery.recorded(), 0))));
    publish(0, 10);
    eventually(() -> assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isZero());
    assertThat(IntStream.range(0, 10)).allSatisfy(i -> assertThat(welcome(node, i)).isPresent());
    assertThat(emitted(node)).hasSize(10);
  }

  @Test
  public void D4_a_work_that_cannot_be_committed_changes_nothing() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(delivery -> {
      Work good = welcomed(delivery.recorded(), 0);
      var changes = new ArrayList<Change<?>>(good.changes());
      changes.add(Change.creation(Order.key(Samples.purchase("order-1", userId(1), 0).id()),
          Order.place(Samples.purchase("order-1", userId(1), 0)).state()));
      return settled(new Work(changes, good.events()));
    }));
    publish(0, 1);
    eventually(() -> assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isOne());
    assertThat(handler.seen()).hasSize(Harness.ATTEMPTS);
    assertThat(welcome(node, 0)).isEmpty();
    assertThat(emitted(node)).isEmpty();
  }

  @Test
  public void D4_a_conflict_commits_nothing_and_is_handled_again_with_fresh_state() {
    Harness.Node node = start();
    UnitOfWork store = node.messaging().unitOfWork();
    var disturbed = new AtomicBoolean();
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(delivery -> {
      Optional<Versioned<Welcome>> loaded = store.load(Welcome.key(delivery.event().userId()));
      if (disturbed.compareAndSet(false, true)) {
        store.commit(request(1), new Work(welcomed(delivery.recorded(), 0).changes(), List.of()));
      }
      long version = loaded.map(Versioned::version).orElse(0L);
      return settled(welcomed(delivery.recorded(), version));
    }));
    publish(0, 1);
    eventually(() -> assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isZero());
    assertThat(handler.seen()).hasSize(2)
        .allSatisfy(delivery -> assertThat(delivery.attempt()).as("a conflict is no failed attempt").isOne());
    assertThat(welcome(node, 0)).hasValueSatisfying(welcome -> assertThat(welcome.version()).isEqualTo(2));
    assertThat(emitted(node)).hasSize(1);
  }

  /** Whoever looks next takes it over: that may be the late one itself. */
  @Test
  public void D4_a_consumer_that_lost_its_lease_changes_nothing() {
    var first = new AtomicBoolean(true);
    var lateMayGoOn = new CountDownLatch(1);
    var lateEnded = new CountDownLatch(1);
    var handler = new Recorder<UserCreated>(delivery -> {
      if (first.compareAndSet(true, false)) {
        awaitStubbornly(lateMayGoOn);
        lateEnded.countDown();
        return settled(welcomed(late(delivery.recorded()), 0));
      }
      return settled(welcomed(delivery.recorded(), 0));
    });
    subscribe(start(), CREATED, handler);
    subscribe(start(), CREATED, handler);
    publish(0, 1);
    eventually(() -> assertThat(handler.seen()).isNotEmpty());
    harness.seize(UserEvent.TOPIC, GROUP);
    untilSettled();
    lateMayGoOn.countDown();
    eventually(() -> assertThat(lateEnded.getCount()).isZero());
    eventually(() -> assertThat(harness.happened(Happening.FENCED)).isPositive());
    assertThat(welcome(start(), 0))
        .hasValueSatisfying(welcome -> assertThat(welcome.state().sentAt()).isEqualTo(userCreated(0).at()));
    assertThat(emitted(start())).hasSize(1);
  }

  // D5 The same event handled twice changes state once and emits once.

  @Test
  public void D5_an_event_that_is_in_the_log_twice_changes_state_once() {
    Harness.Node node = start();
    var times = new AtomicInteger();
    // Each commit is a request of its own, as two producers are that publish one event without knowing of each other.
    Recorded<UserEvent> event = userCreated(0);
    UnitOfWork store = node.messaging().unitOfWork();
    store.commit(request(1), new Work(List.of(changeBeside(0, 1)), List.of(event)));
    store.commit(request(2), new Work(List.of(changeBeside(0, 2)), List.of(event)));
    subscribe(node, CREATED, new Recorder<>(delivery -> {
      times.incrementAndGet();
      long version = store.load(Welcome.key(delivery.event().userId())).map(Versioned::version).orElse(0L);
      return settled(welcomed(delivery.recorded(), version));
    }));
    eventually(() -> assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isZero());
    assertThat(times).hasValueGreaterThanOrEqualTo(2);
    assertThat(welcome(node, 0)).hasValueSatisfying(welcome -> assertThat(welcome.version()).isOne());
    assertThat(emitted(node)).hasSize(1);
    eventually(() -> assertThat(harness.happened(Happening.DUPLICATE)).isOne());
  }

  @Test
  public void D5_a_group_that_was_put_back_to_the_start_handles_nothing_twice() {
    Harness.Node node = start();
    subscribe(node, CREATED, welcoming(node));
    publish(0, 10);
    eventually(() -> assertThat(emitted(node)).hasSize(10));
    untilSettled();
    harness.rewind(UserEvent.TOPIC, GROUP);
    publish(10, 1);
    eventually(() -> assertThat(welcome(node, 10)).isPresent());
    untilSettled();
    assertWelcomedOnce(node, 11);
    assertThat(emitted(node)).hasSize(11);
    eventually(() -> assertThat(harness.happened(Happening.DUPLICATE)).isEqualTo(10));
  }

  @Test
  public void D5_a_handler_that_runs_twice_changes_state_once() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = new Recorder<>(delivery -> settled(welcomed(delivery.recorded(), 0)));
    subscribed.add(GROUP);
    node.messaging().subscriber().subscribe(ordered(CREATED), new Duplicating<>(handler));
    publish(0, 10);
    eventually(() -> assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isZero());
    assertThat(handler.seen()).hasSize(20);
    assertThat(emitted(node)).hasSize(10);
  }

  @Test
  public void D5_each_group_handles_an_event_for_itself() {
    Harness.Node node = start();
    Recorder<UserCreated> one = subscribe(node, CREATED,
        new Recorder<>(delivery -> settled(welcomed(delivery.recorded(), 0))));
    Recorder<UserCreated> two = subscribe(node, CREATED_FOR_OTHERS,
        new Recorder<>(delivery -> settled(new Work(List.of(), List.of(followUp(delivery.recorded(), "other"))))));
    publish(0, 1);
    eventually(() -> assertThat(emitted(node)).hasSize(2));
    assertThat(one.seen()).hasSize(1);
    assertThat(two.seen()).hasSize(1);
  }

  // D6 Failed: again after its backoff, to this group alone, without holding others up; attempts are counted when a handler ran.

  @Test
  public void D6_a_failed_delivery_comes_again_to_its_group_alone_and_holds_nobody_up() {
    Harness.Node node = start();
    Recorder<UserCreated> failing = subscribe(node, CREATED, new Recorder<>(
        delivery -> delivery.event().userId().equals(userId(0)) && delivery.attempt() < 3
            ? new Outcome.Retry(Optional.empty(), "not yet")
            : Outcome.SETTLED));
    Recorder<UserCreated> others = subscribe(node, CREATED_FOR_OTHERS, Recorder.settling());
    publish(0, 20);
    eventually(() -> assertThat(failing.seen()).hasSize(22));
    assertThat(
        failing.seen().stream().filter(delivery -> delivery.event().userId().equals(userId(0))).map(Delivery::attempt))
        .containsExactly(1, 2, 3);
    eventually(() -> assertThat(others.seen()).hasSize(20));
  }

  @Test
  public void D6_any_exception_counts_as_a_failure() {
    Recorder<UserCreated> handler = subscribe(start(), CREATED, new Recorder<>(delivery -> {
      if (delivery.attempt() == 1) {
        throw new IllegalStateException("broken");
      }
      return Outcome.SETTLED;
    }));
    publish(0, 1);
    eventually(() -> assertThat(handler.seen()).hasSize(2));
  }

  @Test
  public void D6_a_handler_may_say_when() {
    var firstAt = new long[1];
    var delay = Duration.ofMillis(700);
    Recorder<UserCreated> handler = subscribe(start(), CREATED, new Recorder<>(delivery -> {
      if (delivery.attempt() == 1) {
        firstAt[0] = harness.millis();
        return new Outcome.Retry(Optional.of(delay), "come back later");
      }
      return Outcome.SETTLED;
    }));
    publish(0, 1);
    eventually(() -> assertThat(handler.seen()).hasSize(2));
    assertThat(harness.millis() - firstAt[0]).isGreaterThanOrEqualTo(delay.toMillis());
  }

  @Test
  public void D6_a_delivery_that_nobody_ran_to_its_end_uses_up_no_attempt() {
    Harness.Node doomed = start();
    Recorder<UserCreated> hanging = subscribe(doomed, CREATED, new Recorder<>(_ -> hang()));
    publish(0, 1);
    eventually(() -> assertThat(hanging.seen()).hasSize(1));
    doomed.crash();
    Recorder<UserCreated> successor = subscribe(start(), CREATED, Recorder.settling());
    eventually(() -> assertThat(successor.seen()).hasSize(1));
    assertThat(successor.seen().getFirst().attempt()).isOne();
  }

  @Test
  public void D6_a_store_that_a_handler_finds_away_uses_up_no_attempt() {
    var times = new AtomicInteger();
    Recorder<UserCreated> handler = subscribe(start(), CREATED, new Recorder<>(_ -> {
      if (times.incrementAndGet() <= 2 * Harness.ATTEMPTS) {
        throw new StoreUnavailableException("away");
      }
      return Outcome.SETTLED;
    }));
    publish(0, 1);
    eventually(() -> assertThat(handler.seen()).hasSize(2 * Harness.ATTEMPTS + 1));
    assertThat(handler.seen()).extracting(Delivery::attempt).containsOnly(1);
  }

  /** As whatever stands between a handler and the store may do. */
  @Test
  public void D6_a_store_that_a_handler_finds_away_may_come_wrapped() {
    var times = new AtomicInteger();
    Recorder<UserCreated> handler = subscribe(start(), CREATED, new Recorder<>(_ -> {
      if (times.incrementAndGet() <= 2 * Harness.ATTEMPTS) {
        throw new IllegalStateException(new CompletionException(new StoreUnavailableException("away")));
      }
      return Outcome.SETTLED;
    }));
    publish(0, 1);
    eventually(() -> assertThat(handler.seen()).hasSize(2 * Harness.ATTEMPTS + 1));
    assertThat(handler.seen()).extracting(Delivery::attempt).containsOnly(1);
  }

  @Test
  public void D6_a_handler_whose_work_always_conflicts_ends_as_a_dead_letter() {
    Harness.Node node = start();
    Recorder<UserCreated> stubborn = subscribe(node, CREATED,
        new Recorder<>(delivery -> settled(welcomed(delivery.recorded(), 7))));
    publish(0, 1);
    eventually(() -> assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isOne());
    assertThat(stubborn.count()).isGreaterThan(Harness.ATTEMPTS).isLessThan(1000);
    assertThat(stubborn.seen().getLast().attempt()).isEqualTo(Harness.ATTEMPTS);
    assertThat(letters(node)).singleElement().satisfies(letter -> {
      assertThat(letter.errorClass()).isEqualTo("Conflict");
      assertThat(letter.attempts()).isEqualTo(Harness.ATTEMPTS);
    });
    assertThat(welcome(node, 0)).isEmpty();
  }

  /** As clients of other services do that are interrupted by their own timeouts. */
  @Test
  public void D6_a_handler_that_is_interrupted_by_nobody_of_ours_has_failed() {
    Recorder<UserCreated> handler = subscribe(start(), CREATED, new Recorder<>(delivery -> {
      if (delivery.attempt() == 1) {
        throw new InterruptedException("I did it myself");
      }
      return Outcome.SETTLED;
    }));
    publish(0, 1);
    eventually(() -> assertThat(handler.seen()).hasSize(2));
    assertThat(handler.seen()).extracting(Delivery::attempt).containsExactly(1, 2);
  }

  @Test
  public void D6_a_handler_that_leaves_its_thread_interrupted_is_settled_all_the_same() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(delivery -> {
      Thread.currentThread().interrupt();
      return settled(welcomed(delivery.recorded(), 0));
    }));
    publish(0, 5);
    eventually(() -> assertThat(emitted(node)).hasSize(5));
    untilSettled();
    assertThat(handler.seen()).hasSize(5);
  }

  @Test
  public void D6_every_run_of_a_handler_is_timed_and_the_way_of_what_it_settled() {
    Harness.Node node = start();
    subscribe(node, CREATED, new Recorder<>(
        delivery -> delivery.attempt() == 1 ? new Outcome.Retry(Optional.empty(), "not yet") : Outcome.SETTLED));
    subscribe(node, new SubscriptionSpec<>(UserEvent.TOPIC, OTHER_GROUP, WelcomeEmailSent.class), Recorder.settling());
    publish(0, 1);
    eventually(() -> assertThat(harness.happened(Happening.SETTLED)).isEqualTo(2));
    eventually(
        () -> assertThat(harness.tally().sinceEvents()).as("of what was passed over nothing is told").hasSize(1));
    assertThat(harness.tally().handlerTimes()).hasSize(2).allSatisfy(time -> assertThat(time).isPositive());
    Duration sinceEvent = Duration.ofMillis(harness.millis() - Samples.AT.toEpochMilli());
    assertThat(harness.tally().sinceEvents().getFirst()).isCloseTo(sinceEvent, Duration.ofMinutes(1));
  }

  @Test
  public void D6_every_attempt_sees_the_same_trace() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED,
        new Recorder<>(_ -> new Outcome.Retry(Optional.empty(), "not today")));
    node.messaging().publisher().publish(UserEvent.TOPIC, List.of(userCreated(0).from(trace(1))));
    eventually(() -> assertThat(handler.seen()).hasSize(Harness.ATTEMPTS));
    assertThat(handler.seen())
        .allSatisfy(delivery -> assertThat(delivery.recorded().trace()).contains(trace(1)));
  }

  @Test
  public void D6_what_is_logged_of_a_delivery_says_which() {
    var seen = new ConcurrentLinkedQueue<Map<String, String>>();
    Recorder<UserCreated> handler = new Recorder<>(_ -> {
      seen.add(Map.copyOf(MDC.getCopyOfContextMap()));
      throw new IllegalStateException("broken");
    });
    Recorded<UserEvent> event = userCreated(0).from(trace(1));
    Harness.Node node = start();
    subscribe(node, CREATED, handler);
    node.messaging().publisher().publish(UserEvent.TOPIC, List.of(event));
    eventually(() -> assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isOne());
    List<Map<String, String>> expected = IntStream.rangeClosed(1, Harness.ATTEMPTS)
        .mapToObj(attempt -> Map.of("eventId", event.id().toString(), "key", "user-0", "group", GROUP.name(),
            "attempt", Integer.toString(attempt), "traceId", trace(1).traceId()))
        .toList();
    assertThat(seen).containsExactlyElementsOf(expected);
    eventually(() -> assertThat(log.contexts(Level.WARN)).containsAll(expected));
  }

  // D7 After MAX_ATTEMPTS, or at once where the handler says that it can never work: to the group's dead letters.

  @Test
  public void D7_after_the_last_attempt_it_is_a_dead_letter() {
    Recorder<UserCreated> handler = subscribe(start(), CREATED,
        new Recorder<>(_ -> new Outcome.Retry(Optional.empty(), "never")));
    publish(0, 1);
    eventually(() -> assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isOne());
    assertThat(handler.seen().stream().map(Delivery::attempt)).containsExactly(1, 2, 3);
    throughout(harness.lease().multipliedBy(2), () -> assertThat(handler.seen()).hasSize(Harness.ATTEMPTS));
    assertThat(harness.happened(Happening.FAILED)).isEqualTo(Harness.ATTEMPTS);
    assertThat(harness.happened(Happening.RETRIED)).isEqualTo(Harness.ATTEMPTS - 1);
    assertThat(harness.happened(Happening.DEAD_LETTERED)).isOne();
  }

  @Test
  public void D7_what_can_never_work_is_a_dead_letter_at_once_and_the_next_goes_on() {
    Recorder<UserCreated> handler = subscribe(start(), CREATED, new Recorder<>(
        delivery -> delivery.event().userId().equals(userId(0)) ? new Outcome.Rejected("poison") : Outcome.SETTLED));
    publish(0, 10);
    eventually(() -> assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isZero());
    assertThat(handler.seen()).hasSize(10);
    assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isOne();
  }

  // D8 While a handler runs its lease is extended; a handler that runs past HANDLER_TIMEOUT is interrupted and counts as failed.

  @Test
  public void D8_a_handler_that_runs_too_long_is_interrupted_and_comes_again() {
    var interrupted = new AtomicLong();
    Recorder<UserCreated> handler = subscribe(start(timeLimitWithinALease()), CREATED, new Recorder<>(delivery -> {
      if (delivery.attempt() > 1) {
        return Outcome.SETTLED;
      }
      try {
        return hang();
      } catch (InterruptedException e) {
        interrupted.set(harness.millis());
        throw e;
      }
    }));
    long published = harness.millis();
    publish(0, 1);
    eventually(() -> assertThat(handler.seen()).hasSize(2));
    assertThat(handler.seen()).extracting(Delivery::attempt).containsExactly(1, 2);
    assertThat(interrupted.get() - published).isGreaterThanOrEqualTo(timeLimit().handlerTimeout().toMillis());
    assertThat(harness.happened(Happening.FAILED)).isOne();
    eventually(() -> assertThat(harness.happened(Happening.RETRIED)).isOne());
  }

  /** A port of the store that is interrupted says that the store is unavailable: it is not. */
  @Test
  public void D8_a_handler_whose_interruption_meets_it_in_the_store_has_failed() {
    Recorder<UserCreated> handler = subscribe(start(timeLimitWithinALease()), CREATED, new Recorder<>(delivery -> {
      if (delivery.attempt() > 1) {
        return Outcome.SETTLED;
      }
      try {
        return hang();
      } catch (InterruptedException e) {
        throw new StoreUnavailableException("interrupted while waiting for the store", e);
      }
    }));
    publish(0, 1);
    eventually(() -> assertThat(handler.seen()).hasSize(2));
    assertThat(handler.seen()).extracting(Delivery::attempt).containsExactly(1, 2);
    assertThat(harness.happened(Happening.FAILED)).isOne();
  }

  @Test
  public void D8_after_its_last_attempt_what_runs_too_long_is_a_dead_letter() {
    Harness.Node node = start(timeLimitWithinALease());
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(_ -> hang()));
    publish(0, 1);
    eventually(() -> assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isOne());
    assertThat(handler.seen()).extracting(Delivery::attempt).containsExactly(1, 2, 3);
    assertThat(letters(node)).singleElement().satisfies(letter -> {
      assertThat(letter.errorClass()).isEqualTo("Timeout");
      assertThat(letter.reason()).contains(timeLimit().handlerTimeout().toString());
      assertThat(letter.attempts()).isEqualTo(Harness.ATTEMPTS);
    });
  }

  @Test
  public void D8_what_a_handler_returns_after_its_time_changes_nothing() {
    Harness.Node node = start(timeLimit());
    subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (delivery.attempt() > 1) {
        return settled(welcomed(delivery.recorded(), 0));
      }
      try {
        return hang();
      } catch (InterruptedException _) {
        return settled(welcomed(late(delivery.recorded()), 0));
      }
    }));
    publish(0, 1);
    eventually(() -> assertThat(emitted(node)).hasSize(1));
    untilSettled();
    assertThat(welcome(node, 0))
        .hasValueSatisfying(welcome -> assertThat(welcome.state().sentAt()).isEqualTo(userCreated(0).at()));
  }

  @Test
  public void D8_handlers_that_ignore_their_interruption_are_abandoned() {
    Harness.Node node = start(timeLimit());
    var stuck = ConcurrentHashMap.<Integer>newKeySet();
    var release = new CountDownLatch(1);
    var ended = new AtomicInteger();
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (number(delivery) >= Harness.CONCURRENCY || !stuck.add(number(delivery))) {
        return settled(welcomed(delivery.recorded(), 0));
      }
      awaitStubbornly(release);
      ended.incrementAndGet();
      return settled(new Work(List.of(someChange(number(delivery))), List.of(followUp(delivery.recorded(), "late"))));
    }));
    publish(0, Harness.CONCURRENCY);
    eventually(() -> assertThat(handler.seen()).hasSize(Harness.CONCURRENCY));
    publish(Harness.CONCURRENCY, 10);
    eventually(() -> assertThat(emitted(node)).hasSize(Harness.CONCURRENCY + 10));
    untilSettled();
    assertThat(ended).as("handlers that have ended").hasValue(0);
    release.countDown();
    eventually(() -> assertThat(ended).hasValue(Harness.CONCURRENCY));
    throughout(harness.lease(), () -> assertThat(emitted(node)).hasSize(Harness.CONCURRENCY + 10));
    assertWelcomedOnce(node, Harness.CONCURRENCY + 10);
    assertThat(IntStream.range(0, Harness.CONCURRENCY))
        .allSatisfy(i -> assertThat(welcome(node, 1000 + i)).isEmpty());
    assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isZero();
  }

  @Test
  public void D8_the_result_of_an_abandoned_handler_changes_nothing_while_another_attempt_runs() {
    Harness.Node node = start(timeLimit());
    var first = new AtomicBoolean(true);
    var firstMayEnd = new CountDownLatch(1);
    var firstEnded = new CountDownLatch(1);
    var secondMayEnd = new CountDownLatch(1);
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (first.compareAndSet(true, false)) {
        awaitStubbornly(firstMayEnd);
        firstEnded.countDown();
        return settled(welcomed(late(delivery.recorded()), 0));
      }
      secondMayEnd.await();
      return settled(welcomed(delivery.recorded(), 0));
    }));
    publish(0, 1);
    eventually(() -> assertThat(handler.seen()).hasSizeGreaterThan(1));
    firstMayEnd.countDown();
    eventually(() -> assertThat(firstEnded.getCount()).isZero());
    throughout(harness.lease().dividedBy(2), () -> assertThat(welcome(node, 0)).isEmpty());
    secondMayEnd.countDown();
    untilSettled();
    assertThat(welcome(node, 0))
        .hasValueSatisfying(welcome -> assertThat(welcome.state().sentAt()).isEqualTo(userCreated(0).at()));
    assertThat(emitted(node)).hasSize(1);
  }

  @Test
  public void D8_an_abandoned_handler_keeps_no_node_from_its_end() {
    Harness.Node node = start(timeLimit().withGrace(Duration.ofSeconds(10)));
    var release = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (delivery.attempt() == 1) {
        awaitStubbornly(release);
        ended.countDown();
      }
      return Outcome.SETTLED;
    }));
    publish(0, 1);
    untilSettled();
    long closing = System.nanoTime();
    node.close();
    assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(5));
    assertThat(ended.getCount()).isOne();
    release.countDown();
  }

  @Test
  public void D8_handlers_that_have_lost_their_leases_and_never_end_hold_nobody_up() {
    Harness.Node node = start();
    var stuck = ConcurrentHashMap.<Integer>newKeySet();
    var release = new CountDownLatch(1);
    var ended = new AtomicInteger();
    subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (number(delivery) < Harness.CONCURRENCY && stuck.add(number(delivery))) {
        awaitStubbornly(release);
        ended.incrementAndGet();
      }
      return settled(welcomed(delivery.recorded(), 0));
    }));
    publish(0, Harness.CONCURRENCY);
    eventually(() -> assertThat(stuck).hasSize(Harness.CONCURRENCY));
    harness.seize(UserEvent.TOPIC, GROUP);
    publish(Harness.CONCURRENCY, 10);
    untilSettled();
    assertThat(ended).as("handlers that have ended").hasValue(0);
    assertWelcomedOnce(node, Harness.CONCURRENCY + 10);
    release.countDown();
    eventually(() -> assertThat(ended).hasValue(Harness.CONCURRENCY));
    assertThat(emitted(node)).hasSize(Harness.CONCURRENCY + 10);
    assertThat(harness.happened(Happening.FAILED)).isZero();
  }

  // D10 A group or stream that vanished is made again; the gap is counted; nothing is handled twice.

  @Test
  public void D10_a_group_that_was_destroyed_is_made_again_and_handles_nothing_twice() {
    Harness.Node node = start();
    var gone = new CountDownLatch(1);
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (number(delivery) >= 10) {
        gone.await();
      }
      return welcome(node, delivery);
    }));
    publish(0, 13);
    eventually(() -> assertThat(handler.seen()).hasSize(13));
    eventually(() -> assertThat(harness.unsettled(UserEvent.TOPIC, GROUP)).isEqualTo(3));
    harness.destroyGroup(UserEvent.TOPIC, GROUP);
    gone.countDown();
    eventually(() -> assertThat(emitted(node)).hasSize(13));
    publish(13, 5);
    eventually(() -> assertThat(emitted(node)).hasSize(18));
    untilSettled();
    assertWelcomedOnce(node, 18);
    assertThat(emitted(node)).hasSize(18);
    eventually(() -> assertThat(harness.happened(Happening.GAP)).isEqualTo(harness.partitioning().count()));
  }

  @Test
  public void D10_a_node_goes_on_after_everything_was_deleted() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, Recorder.settling());
    publish(0, 5);
    eventually(() -> assertThat(handler.seen()).hasSize(5));
    untilSettled();
    harness.empty();
    publish(5, 5);
    eventually(() -> assertThat(handler.seen()).hasSize(10));
    eventually(() -> assertThat(harness.happened(Happening.GAP)).isEqualTo(harness.partitioning().count()));
    eventually(() -> assertThat(node.messaging().health().problems()).isEmpty());
  }

  // D11 An entry that was deleted while pending is recorded as lost, acknowledged, and does not stop anything.

  @Test
  public void D11_what_was_deleted_while_it_was_pending_is_lost_and_stops_nothing() {
    Harness.Node doomed = start();
    Recorder<UserCreated> hanging = subscribe(doomed, CREATED, new Recorder<>(_ -> hang()));
    publish(0, 5);
    eventually(() -> assertThat(hanging.seen()).hasSize(5));
    doomed.crash();
    Harness.Node node = start();
    harness.delete(UserEvent.TOPIC, entries(node).stream().map(LogEntry::id).collect(Collectors.toSet()));
    Recorder<UserCreated> successor = subscribe(node, CREATED, Recorder.settling());
    publish(5, 5);
    eventually(() -> assertThat(harness.happened(Happening.LOST)).isEqualTo(5));
    untilSettled();
    assertThat(successor.seen()).extracting(MessagingContract::number).containsExactlyInAnyOrder(5, 6, 7, 8, 9);
    assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isZero();
  }

  // D12 A reader never stops for an error: it backs off, reconnects, goes on.

  @Test
  public void D12_a_reader_goes_on_after_a_restart_of_the_store() {
    Harness.Node node = start();
    Recorder<UserCreated> handler = subscribe(node, CREATED, Recorder.settling());
    publish(0, 5);
    eventually(() -> assertThat(handler.seen()).hasSize(5));
    harness.restartStore();
    publish(5, 5);
    eventually(() -> assertThat(new HashSet<>(handler.ids())).hasSize(10));
    eventually(() -> assertThat(node.messaging().health().problems()).isEmpty());
  }

  // D13 Effects outside are at least once, always with the same idempotency key for the same event.

  @Test
  public void D13_every_attempt_sees_the_same_event_id() {
    Harness.Node doomed = start();
    Recorder<UserCreated> hanging = subscribe(doomed, CREATED, new Recorder<>(_ -> hang()));
    publish(0, 1);
    eventually(() -> assertThat(hanging.seen()).hasSize(1));
    doomed.crash();
    Recorder<UserCreated> successor = subscribe(start(), CREATED,
        new Recorder<>(
            delivery -> delivery.attempt() < 3 ? new Outcome.Retry(Optional.empty(), "again") : Outcome.SETTLED));
    eventually(() -> assertThat(successor.seen()).hasSize(3));
    assertThat(successor.ids()).containsOnly(hanging.ids().getFirst());
  }

  // D14 A consumer that is gone is removed only after its pending entries were taken over.

  @Test
  public void D14_a_crashed_consumer_is_known_until_what_it_had_was_taken_over() {
    Harness.Node doomed = start();
    Recorder<UserCreated> hanging = subscribe(doomed, CREATED, new Recorder<>(_ -> hang()));
    publish(0, 3);
    eventually(() -> assertThat(hanging.seen()).hasSize(3));
    Set<String> crashed = harness.consumers(UserEvent.TOPIC, GROUP);
    assertThat(crashed).hasSize(1);
    doomed.crash();
    throughout(harness.lease().multipliedBy(2),
        () -> assertThat(harness.consumers(UserEvent.TOPIC, GROUP)).isEqualTo(crashed));
    Recorder<UserCreated> successor = subscribe(start(), CREATED, Recorder.settling());
    eventually(() -> assertThat(harness.consumers(UserEvent.TOPIC, GROUP)).hasSize(1)
        .doesNotContainAnyElementsOf(crashed));
    // Taken over, and perhaps not begun yet.
    eventually(() -> assertThat(successor.ids()).containsExactlyInAnyOrderElementsOf(hanging.ids()));
  }

  @Test
  public void D14_a_consumer_that_is_alive_stays_known_busy_or_idle() {
    var release = new CountDownLatch(1);
    Recorder<UserCreated> handler = new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    });
    subscribe(start(), CREATED, handler);
    subscribe(start(), CREATED, handler);
    // As many as both can have in hand: neither leaves the other without.
    publish(0, 2 * Harness.CONCURRENCY);
    eventually(() -> assertThat(handler.seen()).hasSize(2 * Harness.CONCURRENCY));
    Set<String> alive = harness.consumers(UserEvent.TOPIC, GROUP);
    assertThat(alive).hasSize(2);
    throughout(harness.lease().multipliedBy(3),
        () -> assertThat(harness.consumers(UserEvent.TOPIC, GROUP)).as("busy").isEqualTo(alive));
    release.countDown();
    untilSettled();
    throughout(harness.lease().multipliedBy(3),
        () -> assertThat(harness.consumers(UserEvent.TOPIC, GROUP)).as("idle").isEqualTo(alive));
  }

  // D15 A reply that was lost on the way leaves no duplicate: every write can be repeated safely, by event id.

  @Test
  public void D15_publishing_again_stores_nothing() {
    Harness.Node node = start();
    List<Recorded<UserEvent>> events = publish(0, 10);
    node.messaging().publisher().publish(UserEvent.TOPIC, events);
    node.messaging().publisher().publish(UserEvent.TOPIC, events.subList(3, 5));
    assertThat(entries(node)).hasSize(10);
  }

  /** The trace is no part of an event: whoever repeats something in another trace repeats it all the same. */
  @Test
  public void D15_what_is_repeated_in_another_trace_stores_nothing() {
    Harness.Node node = start();
    UnitOfWork store = node.messaging().unitOfWork();
    Work work = welcomed(userCreated(1), 0);
    node.messaging().publisher().publish(UserEvent.TOPIC, List.of(userCreated(0).from(trace(1))));
    node.messaging().publisher().publish(UserEvent.TOPIC, List.of(userCreated(0).from(trace(2))));
    assertThat(store.commit(request(1), work.from(trace(1)))).isInstanceOf(CommitResult.Committed.class);
    assertThat(store.commit(request(1), work.from(trace(2)))).isInstanceOf(CommitResult.Duplicate.class);
    assertThat(entries(node)).hasSize(2)
        .allSatisfy(entry -> assertThat(entry.fields()).containsEntry("traceparent", trace(1).toString()));
  }

  @Test
  public void D15_committing_again_changes_nothing() {
    Harness.Node node = start();
    UnitOfWork store = node.messaging().unitOfWork();
    Work work = welcomed(userCreated(1), 0);
    assertThat(store.commit(request(1), work)).isInstanceOf(CommitResult.Committed.class);
    assertThat(store.commit(request(1), work)).isInstanceOf(CommitResult.Duplicate.class);
    assertThat(store.commit(request(2), work)).isEqualTo(new CommitResult.Conflict(Welcome.key(userId(1))));
    assertThat(entries(node)).hasSize(1);
    assertThat(welcome(node, 1)).hasValueSatisfying(welcome -> assertThat(welcome.version()).isOne());
  }

  @Test
  public void D15_one_of_many_requests_for_the_same_state_wins() throws Exception {
    Harness.Node node = start();
    var committed = new AtomicInteger();
    List<Thread> threads = IntStream.range(0, 50).mapToObj(i -> Thread.startVirtualThread(() -> {
      if (node.messaging()
          .unitOfWork()
          .commit(request(i), welcomed(userCreated(1), 0)) instanceof CommitResult.Committed) {
        committed.incrementAndGet();
      }
    })).toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(committed).hasValue(1);
    assertThat(entries(node)).hasSize(1);
  }

  // The ports beside delivery.

  @Test
  public void a_consumer_has_no_more_in_hand_than_it_may() {
    var release = new CountDownLatch(1);
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    Recorder<UserCreated> handler = subscribe(start(), CREATED, new Recorder<>(_ -> {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      release.await();
      running.decrementAndGet();
      return Outcome.SETTLED;
    }));
    publish(0, 5 * Harness.CONCURRENCY);
    eventually(() -> assertThat(handler.seen()).hasSize(Harness.CONCURRENCY));
    release.countDown();
    eventually(() -> assertThat(handler.seen()).hasSize(5 * Harness.CONCURRENCY));
    assertThat(most).hasValueLessThanOrEqualTo(Harness.CONCURRENCY);
  }

  @Test
  public void a_flood_of_failures_floods_no_log() {
    subscribe(start(), CREATED, new Recorder<>(_ -> {
      throw new IllegalStateException("poison");
    }));
    publish(0, 200);
    eventually(() -> assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isEqualTo(200));
    assertThat(log.mostInOneSecond()).isBetween(1L, 10L);
  }

  @Test
  public void handlers_that_are_abandoned_flood_no_log() {
    var release = new CountDownLatch(1);
    Harness.Node node = start(timeLimit());
    subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (delivery.attempt() == 1) {
        awaitStubbornly(release);
      }
      return Outcome.SETTLED;
    }));
    publish(0, 2 * Harness.CONCURRENCY);
    untilSettled();
    release.countDown();
    assertThat(log.mostInOneSecond()).isBetween(1L, 10L);
  }

  @Test
  public void the_log_is_read_from_any_id_and_followed() throws Exception {
    Harness.Node node = start();
    EventLog events = node.messaging().log();
    List<Integer> numbers = neighbours(6);
    int partition = partitionOf(0);
    numbers.subList(0, 5).forEach(number -> publish(number, 1));
    List<LogEntry> all = events.read(UserEvent.TOPIC, partition, EntryId.START, 200);
    assertThat(all).hasSize(5);
    assertThat(all.getFirst().fields()).containsEntry("id", userCreated(0).id().toString())
        .containsEntry("type", "user_created")
        .containsEntry("key", "user-0")
        .containsEntry("timestamp", Long.toString(userCreated(0).at().toEpochMilli()));
    assertThat(events.read(UserEvent.TOPIC, partition, EntryId.START, 2)).isEqualTo(all.subList(0, 2));
    assertThat(events.read(UserEvent.TOPIC, partition, all.get(1).id(), 200)).isEqualTo(all.subList(2, 5));
    try (EventLog.Tail tail = events.tail(UserEvent.TOPIC, Map.of(partition, all.getLast().id()))) {
      assertThat(tail.next(Duration.ofMillis(20))).isEmpty();
      Thread publishing = Thread.startVirtualThread(() -> publish(numbers.getLast(), 1));
      assertThat(tail.next(SOON)).containsOnlyKeys(partition)
          .extractingByKey(partition, list(LogEntry.class))
          .extracting(LogEntry::fields)
          .extracting(fields -> fields.get("key"))
          .containsExactly("user-" + numbers.getLast());
      publishing.join();
    }
  }

  @Test
  public void all_partitions_are_followed_at_once_each_from_its_own_place() throws Exception {
    EventLog events = start().messaging().log();
    publish(0, 20);
    Map<Integer, EntryId> firsts = partitions().filter(partition -> !read(events, partition, EntryId.START).isEmpty())
        .collect(Collectors.toMap(partition -> partition,
            partition -> read(events, partition, EntryId.START).getFirst().id()));
    Map<Integer, EntryId> places = partitions().collect(
        Collectors.toMap(partition -> partition, partition -> firsts.getOrDefault(partition, EntryId.START)));
    var found = new HashMap<Integer, List<LogEntry>>();
    try (EventLog.Tail tail = events.tail(UserEvent.TOPIC, places)) {
      follow(tail, found, 20 - firsts.size());
      publish(20, 20);
      follow(tail, found, 40 - firsts.size());
      assertThat(tail.next(Duration.ofMillis(20))).isEmpty();
    }
    places.forEach((partition, place) -> assertThat(found.getOrDefault(partition, List.of()))
        .isEqualTo(read(events, partition, place)));
  }

  private static List<LogEntry> read(EventLog events, int partition, EntryId after) {
    return events.read(UserEvent.TOPIC, partition, after, Page.MOST);
  }

  private static void follow(EventLog.Tail tail, Map<Integer, List<LogEntry>> found, int count) throws Exception {
    while (found.values().stream().mapToInt(List::size).sum() < count) {
      Map<Integer, List<LogEntry>> next = tail.next(SOON);
      assertThat(next).isNotEmpty();
      next.forEach((partition, entries) -> found.computeIfAbsent(partition, _ -> new ArrayList<>()).addAll(entries));
    }
    assertThat(found.values().stream().mapToInt(List::size).sum()).isEqualTo(count);
  }

  /** What a consumer in any language reads, whatever carries the stream. */
  @Test
  public void an_entry_holds_its_event_as_json_with_the_payloads_fields_flat() {
    Harness.Node node = start();
    Purchase purchase = Samples.purchase("order-1", userId(0), 0);
    publish(0, 1);
    node.messaging()
        .publisher()
        .publish(OrderEvent.TOPIC, List.of(new Recorded<>(new EventId(DerivedId.of("order-1")), Samples.AT,
            Order.place(purchase).events().getFirst())));
    assertThat(event(entries(node).getFirst().fields())).isEqualTo(json("""
        {"type": "user_created", "userId": "user-0", "email": "user0@example.com", "name": "Üser 0",
         "timestamp": 1700000000000}"""));
    assertThat(event(entries(node, OrderEvent.TOPIC).getFirst().fields())).isEqualTo(json("""
        {"type": "order_created", "orderId": "order-1", "userId": "user-0", "total": "39.98", "currency": "EUR",
         "items": [{"sku": "A-1", "quantity": 2, "unitPrice": "19.99"}], "timestamp": 1700000000000}"""));
  }

  @Test
  public void a_users_orders_are_paged_newest_first() {
    Harness.Node node = start();
    for (int i = 0; i < 5; i++) {
      Purchase purchase = Samples.purchase("order-" + i, userId(1), i / 2);
      node.messaging()
          .unitOfWork()
          .commit(request(i),
              new Work(List.of(Change.creation(Order.key(purchase.id()), Order.place(purchase).state())), List.of()));
    }
    Page<Order> first = node.messaging().orderHistory().ordersOf(userId(1), Optional.empty(), 2);
    Page<Order> second = node.messaging().orderHistory().ordersOf(userId(1), first.next(), 2);
    Page<Order> last = node.messaging().orderHistory().ordersOf(userId(1), second.next(), 2);
    assertThat(ids(first)).containsExactly("order-4", "order-3");
    assertThat(ids(second)).containsExactly("order-2", "order-1");
    assertThat(ids(last)).containsExactly("order-0");
    assertThat(last.next()).isEmpty();
    assertThat(node.messaging().orderHistory().ordersOf(userId(2), Optional.empty(), 2).items()).isEmpty();
    assertThatThrownBy(() -> node.messaging().orderHistory().ordersOf(userId(1), Optional.of("x"), 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  public void an_order_comes_back_from_the_store_as_it_went_in() {
    Harness.Node node = start();
    UnitOfWork store = node.messaging().unitOfWork();
    var created = Order.place(Samples.purchase("order-1", userId(1), 0)).state();
    var paid = created.paid("payment-1", Samples.AT.plusSeconds(1)).state();
    Order shipped = paid.shipped("track-1", Samples.AT.plusSeconds(2)).state();
    Order declined = created.declined("no_funds", Samples.AT).state();
    long version = 0;
    for (Order order : List.of(created, paid, shipped, declined)) {
      store.commit(request((int) version),
          new Work(List.of(new Change<>(Order.key(created.purchase().id()), version, order)), List.of()));
      version++;
      assertThat(store.load(Order.key(created.purchase().id())))
          .contains(new Versioned<>(Order.key(created.purchase().id()), version, order));
    }
  }

  @Test
  public void the_main_job_bears_it_that_every_handler_runs_twice() {
    var job = new MainJob(start().messaging());
    job.subscribeAll(MainJob.Run.TWICE, ordering());
    job.registerAndOrder(20);
    eventually(job::assertDone);
    job.assertNothingTwice(2);
  }

  /** Longer than any handler takes that does not hang, shorter than a test may last. */
  private Harness.NodeSettings timeLimit() {
    return Harness.NodeSettings.DEFAULT.withHandlerTimeout(harness.lease().multipliedBy(2));
  }

  /** For tests that count: a process that is kept from its work for a lease of the usual length rightly runs its handlers once more. */
  private Harness.NodeSettings timeLimitWithinALease() {
    return timeLimit().withLease(harness.lease().multipliedBy(10));
  }
}
