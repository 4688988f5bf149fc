package dev.tributary.messaging.contract;

import static dev.tributary.messaging.contract.Samples.userCreated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters.Pace;
import dev.tributary.application.DeadLetters.Selection;
import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.application.Retention;
import dev.tributary.application.UnitOfWork;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log lets go, and what it keeps, with a short span and two declared groups. */
@ParameterizedClass(name = "{0} partitions")
@ValueSource(ints = {1, 8, 64})
public abstract class RetentionContract extends ContractFixture {

  @Test
  public void what_every_group_has_settled_goes_when_it_has_aged_and_nothing_younger() {
    Harness.Node node = start(aging());
    subscribe(node, CREATED, Recorder.settling());
    subscribe(node, CREATED_FOR_OTHERS, Recorder.settling());
    untilBothSettled();
    long published = harness.millis();
    publish(0, 10);
    untilBothSettled();
    assertKeptWhileYoung(node, published, 10);
    long later = harness.millis();
    publish(10, 5);
    assertOnlyTheOlderGo(later, eventIds(0, 10), eventIds(10, 15),
        () -> entries(node).stream().map(entry -> entry.fields().getOrDefault("id", "")).toList());
    eventually(() -> assertThat(entries(node)).isEmpty());
    assertThat(harness.happened(Happening.LOST)).isZero();
    assertThat(harness.happened(Happening.GAP)).isZero();
  }

  @Test
  public void what_one_group_has_not_settled_stays_however_old() {
    Harness.Node node = start(aging());
    var release = new CountDownLatch(1);
    subscribe(node, CREATED, Recorder.settling());
    Recorder<UserCreated> slow = subscribe(node, CREATED_FOR_OTHERS, holding(release));
    // More than it may have in hand: some are pending, others were never delivered.
    publish(0, 2 * Harness.CONCURRENCY);
    untilSettled();
    List<LogEntry> all = entries(node);
    throughout(span().multipliedBy(2), () -> assertThat(entries(node)).isEqualTo(all));
    release.countDown();
    eventually(() -> assertThat(entries(node)).isEmpty());
    assertThat(slow.ids()).hasSize(2 * Harness.CONCURRENCY).doesNotHaveDuplicates();
  }

  @Test
  public void nothing_goes_while_a_declared_group_does_not_exist() {
    Harness.Node node = start(aging());
    Recorder<UserCreated> handler = subscribe(node, CREATED, Recorder.settling());
    publish(0, 5);
    eventually(() -> assertThat(handler.seen()).hasSize(5));
    throughout(span().multipliedBy(2), () -> assertThat(entries(node)).hasSize(5));
    Recorder<UserCreated> late = subscribe(node, CREATED_FOR_OTHERS, Recorder.settling());
    eventually(() -> assertThat(late.seen()).hasSize(5));
    eventually(() -> assertThat(entries(node)).isEmpty());
  }

  @Test
  public void nothing_goes_where_no_group_is_declared() {
    Harness.Node node = start(
        Harness.NodeSettings.DEFAULT.withRetention(new Retention(span(), List.of())));
    Recorder<UserCreated> handler = subscribe(node, CREATED, Recorder.settling());
    publish(0, 5);
    eventually(() -> assertThat(handler.seen()).hasSize(5));
    throughout(span().multipliedBy(2), () -> assertThat(entries(node)).hasSize(5));
  }

  @Test
  public void dead_letters_go_a_span_after_they_were_given_up_and_are_counted() {
    Harness.Node node = start(aging());
    subscribe(node, CREATED, new Recorder<>(_ -> new Outcome.Rejected("poison")));
    publish(0, 3);
    eventually(() -> assertThat(letters(node)).hasSize(3));
    long first = letters(node).getFirst().lastFailureAt().toEpochMilli();
    eventually(() -> assertThat(harness.happened(Happening.DEAD_LETTER_EXPIRED)).isEqualTo(3));
    assertThat(harness.millis() - first).isGreaterThanOrEqualTo(span().toMillis());
    assertThat(letters(node)).isEmpty();
    assertThat(harness.deadLetters(UserEvent.TOPIC, GROUP)).isZero();
  }

  @Test
  public void a_younger_dead_letter_stays_when_an_older_one_goes() {
    Harness.Node node = start(aging());
    subscribe(node, CREATED, new Recorder<>(_ -> new Outcome.Rejected("poison")));
    long published = harness.millis();
    publish(0, 1);
    eventually(() -> assertThat(harness.happened(Happening.DEAD_LETTERED)).isOne());
    throughout(span().dividedBy(2), () -> {
      List<DeadLetter> letters = letters(node);
      if (isYoung(published)) {
        assertThat(letters).as("young").hasSize(1);
      }
    });
    long later = harness.millis();
    publish(1, 1);
    eventually(() -> assertThat(harness.happened(Happening.DEAD_LETTERED)).isEqualTo(2));
    assertOnlyTheOlderGo(later, List.of("user-0"), List.of("user-1"),
        () -> letters(node).stream().map(letter -> letter.key().orElseThrow()).toList());
  }

  @Test
  public void what_is_published_again_within_the_span_is_stored_once() {
    Harness.Node node = start(aging());
    Recorder<UserCreated> handler = subscribe(node, CREATED, Recorder.settling());
    subscribe(node, CREATED_FOR_OTHERS, Recorder.settling());
    untilBothSettled();
    long published = harness.millis();
    List<Recorded<UserEvent>> events = publish(0, 5);
    untilBothSettled();
    assertKeptWhileYoung(node, published, 5);
    node.messaging().publisher().publish(UserEvent.TOPIC, events);
    List<LogEntry> stored = entries(node);
    // Where we were kept from it for longer than the span, it was rightly stored again.
    boolean inTime = isYoung(published);
    if (inTime) {
      assertThat(stored).hasSize(5);
    }
    eventually(() -> assertThat(entries(node)).isEmpty());
    if (inTime) {
      assertThat(handler.seen()).hasSize(5);
    }
  }

  @Test
  public void a_group_put_back_to_the_start_after_the_log_was_trimmed_handles_nothing_twice() {
    Harness.Node node = start(aging());
    subscribe(node, CREATED, welcoming(node));
    subscribe(node, CREATED_FOR_OTHERS, Recorder.settling());
    publish(0, 10);
    eventually(() -> assertThat(welcome(node, 9)).isPresent());
    eventually(() -> assertThat(entries(node)).isEmpty());
    harness.rewind(UserEvent.TOPIC, GROUP);
    publish(10, 5);
    eventually(() -> assertThat(welcome(node, 14)).isPresent());
    untilSettled();
    assertWelcomedOnce(node, 15);
    assertThat(harness.happened(Happening.LOST)).isZero();
  }

  @Test
  public void a_mark_outlives_the_entry_that_it_guards() {
    Harness.Node node = start(aging());
    var release = new CountDownLatch(1);
    subscribe(node, CREATED, welcoming(node));
    subscribe(node, CREATED_FOR_OTHERS, holding(release));
    publish(0, 5);
    eventually(() -> assertThat(emitted(node)).hasSize(5));
    untilSettled();
    throughout(span().multipliedBy(3), () -> assertThat(entries(node)).hasSize(10));
    harness.rewind(UserEvent.TOPIC, GROUP);
    publish(5, 1);
    eventually(() -> assertThat(emitted(node)).hasSize(6));
    untilSettled();
    assertWelcomedOnce(node, 6);
    assertThat(emitted(node)).hasSize(6);
    release.countDown();
  }

  /** The span is that of the producer, who added it twice; how late the group comes to it is not his affair. */
  @Test
  public void a_duplicate_that_came_within_the_span_is_handled_once_however_late() {
    Harness.Node node = start(aging());
    var late = new CountDownLatch(1);
    var times = new AtomicInteger();
    subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (times.incrementAndGet() > 1) {
        late.await();
      }
      return welcome(node, delivery);
    }));
    subscribe(node, CREATED_FOR_OTHERS, Recorder.settling());
    UnitOfWork store = node.messaging().unitOfWork();
    store.commit(request(1), new Work(List.of(changeBeside(0, 1)), List.of(userCreated(0))));
    eventually(() -> assertThat(emitted(node)).hasSize(1));
    store.commit(request(2), new Work(List.of(changeBeside(0, 2)), List.of(userCreated(0))));
    eventually(() -> assertThat(entries(node)).as("all but the second have aged").hasSize(1));
    throughout(span(), () -> assertThat(entries(node)).as("nobody has settled the second").hasSize(1));
    late.countDown();
    untilSettled();
    assertWelcomedOnce(node, 1);
    eventually(() -> assertThat(harness.happened(Happening.DUPLICATE)).isOne());
  }

  @Test
  public void a_dead_letter_is_redriven_after_its_entry_was_trimmed() {
    Harness.Node node = start(aging());
    var repaired = new CountDownLatch(1);
    Recorder<UserCreated> handler = subscribe(node, CREATED, new Recorder<>(delivery -> {
      if (repaired.getCount() == 0) {
        return settled(welcomed(delivery.recorded(), 0));
      }
      // Given up late, so that its letter is still young when its entry has aged.
      return delivery.attempt() == 1 ? later(span()) : new Outcome.Rejected("poison");
    }));
    subscribe(node, CREATED_FOR_OTHERS, Recorder.settling());
    publish(0, 1);
    eventually(() -> assertThat(letters(node)).hasSize(1));
    DeadLetter letter = letters(node).getFirst();
    eventually(() -> assertThat(entries(node)).isEmpty());
    repaired.countDown();
    assertThat(letters(node)).containsExactly(letter);
    var which = new Selection.Ids(Set.of(letter.id()));
    node.messaging().deadLetters().redrive(UserEvent.TOPIC, partitionOf(0), GROUP, which, Pace.perSecond(1));
    eventually(() -> assertThat(welcome(node, 0)).isPresent());
    untilSettled();
    assertThat(handler.seen()).hasSize(3);
    assertThat(harness.happened(Happening.LOST)).isZero();
  }

  private static Outcome later(Duration delay) {
    return new Outcome.Retry(Optional.of(delay), "later");
  }

  private static Recorder<UserCreated> holding(CountDownLatch release) {
    return new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    });
  }

  /** For half a span. What was looked at too late, on a machine that was busy with other things, tells nothing of what is young. */
  private void assertKeptWhileYoung(Harness.Node node, long published, int count) {
    throughout(span().dividedBy(2).minusMillis(harness.millis() - published), () -> {
      List<LogEntry> entries = entries(node);
      if (isYoung(published)) {
        assertThat(entries).as("young").hasSize(count);
      }
    });
  }

  /** Of what was published since then, and of what is given up later still. */
  private boolean isYoung(long published) {
    return harness.millis() - published < span().toMillis();
  }

  /**
   * Blocks until they are gone. That state lasts half a span: one who looks later sees that the younger are gone too.
   *
   * @param published when the younger ones were, at the earliest
   */
  private void assertOnlyTheOlderGo(long published, List<String> older, List<String> younger,
      Supplier<List<String>> look) {
    var left = new AtomicReference<List<String>>(List.of());
    eventually(() -> {
      left.set(look.get());
      assertThat(left.get()).as("older").doesNotContainAnyElementsOf(older);
    });
    if (isYoung(published)) {
      assertThat(left.get()).as("younger").containsExactlyInAnyOrderElementsOf(younger);
    }
  }

  private static List<String> eventIds(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> userCreated(i).id().toString()).toList();
  }

  /** Before the first entry too: then the groups are there, in every partition. */
  private void untilBothSettled() {
    eventually(() -> assertThat(List.of(GROUP, OTHER_GROUP))
        .allSatisfy(group -> assertThat(harness.unsettled(UserEvent.TOPIC, group)).isZero()));
  }

  /** Long enough to look at what is half as old, in every partition. */
  private Duration span() {
    return harness.lease().multipliedBy(partitionCount > 8 ? 6 : 3);
  }

  private Harness.NodeSettings aging() {
    return Harness.NodeSettings.DEFAULT
        .withRetention(new Retention(span(), List.of(CREATED, CREATED_FOR_OTHERS)));
  }
}
