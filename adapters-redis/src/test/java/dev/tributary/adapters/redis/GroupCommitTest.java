package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DerivedId;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserProfileCreated;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private static final Keys KEYS = Keys.of(UserEvent.TOPIC);
  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);

  private Raw raw;
  private Connections connections;
  private GroupCommit<Commit> commits;

  @BeforeEach
  void open() {
    raw = new Raw(TestRedis.shared().url());
    raw.redis().flushall();
    connections = new Connections(TestRedis.shared().productUrl());
    commits = new GroupCommit<>(connections, KEYS.stream(), works -> Commit.call(KEYS, works));
  }

  @AfterEach
  void close() {
    raw.goOn();
    connections.close();
    raw.close();
  }

  @Test
  void many_threads_are_all_answered_and_each_ones_works_keep_their_order() throws Exception {
    int threads = 50;
    int each = 100;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String name = "thread-" + thread;
        running.add(executor.submit(() -> submitAll(name, each).forEach(GroupCommitTest::assertCommitted)));
      }
      for (Future<?> future : running) {
        future.get(30, TimeUnit.SECONDS);
      }
    }
    List<StreamMessage<String, String>> entries = raw.redis().xrange(KEYS.stream(), Range.unbounded());
    assertThat(entries).hasSize(threads * each);
    for (int thread = 0; thread < threads; thread++) {
      String name = "thread-" + thread;
      assertThat(entries.stream().map(StreamMessage::getBody).filter(body -> name.equals(body.get("key"))))
          .extracting(body -> body.get("id"))
          .containsExactlyElementsOf(IntStream.range(0, each).mapToObj(i -> id(name, i).toString()).toList());
    }
  }

  @Test
  void a_lone_work_waits_for_no_company() {
    assertThat(commits.commit(commit("a", 0))).isInstanceOf(Verdict.Committed.class);
    assertThat(commits.commit(commit("a", 0))).isInstanceOf(Verdict.Duplicate.class);
  }

  /** Two go alone at once, the other 298 by 128. */
  @Test
  void what_comes_in_meanwhile_goes_together() {
    commits.commit(commit("warm", 0));
    raw.redis().configResetstat();
    pauseWhile(() -> submitEach("a", 300)).forEach(GroupCommitTest::assertCommitted);
    assertThat(calls()).startsWith("cmdstat_evalsha:calls=5,");
    assertThat(raw.redis().xlen(KEYS.stream())).isEqualTo(301);
  }

  /** The first goes alone, the others together: another call would only wait behind it, and cost a WAIT more. */
  @Test
  void where_replicas_have_to_have_them_they_go_by_one_call_at_a_time() {
    try (var durable = new Connections(TestRedis.shared().productUrl(), DeliveryMonitor.NONE, 1)) {
      commits = new GroupCommit<>(durable, KEYS.stream(), works -> Commit.call(KEYS, works));
      assertThat(commits.submit(commit("warm", 0))).failsWithin(Duration.ofSeconds(5));
      raw.redis().configResetstat();
      assertThat(pauseWhile(() -> submitEach("a", 3))).allSatisfy(answer -> assertThat(answer)
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableThat()
          .withMessageContaining("0 of 1"));
      assertThat(calls()).startsWith("cmdstat_evalsha:calls=2,");
    }
  }

  /** One by one they would have gone by two calls at a time. */
  @Test
  void what_came_together_goes_by_one_call() {
    commits.commit(commit("warm", 0));
    raw.redis().configResetstat();
    submitAll("a", GroupCommit.MOST).forEach(GroupCommitTest::assertCommitted);
    assertThat(calls()).startsWith("cmdstat_evalsha:calls=1,");
  }

  @Test
  void a_lost_connection_answers_everyone_at_once_and_leaves_nothing_stuck() {
    commits.commit(commit("warm", 0));
    long started = System.nanoTime();
    List<CompletableFuture<Verdict>> answers = pauseWhile(() -> {
      List<CompletableFuture<Verdict>> submitted = submitEach("a", 1000);
      raw.cutOthers();
      return submitted;
    });
    assertAllAnswered(answers);
    assertThat(answers).anySatisfy(answer -> assertThat(answer).isCompletedExceptionally());
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Connections.REPLY_WITHIN);
    await().atMost(Duration.ofSeconds(5))
        .ignoreExceptions()
        .until(() -> commits.commit(commit("after", 0)) instanceof Verdict.Committed);
    // What failed is known by its id: repeating all of it stores each once.
    submitEach("a", 1000).forEach(answer -> assertThat(connections.await(answer))
        .isInstanceOfAny(Verdict.Committed.class, Verdict.Duplicate.class));
    assertThat(raw.redis().xlen(KEYS.stream())).isEqualTo(1002);
  }

  /** As after a publication of very many events in one call: every refused batch must not call the next one from within. */
  @Test
  void a_lost_connection_answers_even_a_million_that_wait() {
    commits.commit(commit("warm", 0));
    Commit one = commit("a", 0);
    List<CompletableFuture<Verdict>> answers = pauseWhile(() -> {
      List<CompletableFuture<Verdict>> submitted = IntStream.range(0, 1_000_000)
          .mapToObj(_ -> commits.submit(one))
          .toList();
      raw.cutOthers();
      return submitted;
    });
    assertAllAnswered(answers);
  }

  @Test
  void an_error_while_a_work_is_sent_answers_it_and_leaves_nothing_stuck() {
    List<WorkBytes.State> exhausting = new AbstractList<>() {
      @Override
      public WorkBytes.State get(int index) {
        throw new InternalError("for a test");
      }

      @Override
      public int size() {
        throw new InternalError("for a test");
      }
    };
    var hopeless = new Commit(Commit.Kind.REQUEST, UUID.randomUUID(), new WorkBytes(exhausting, List.of()));
    assertThat(commits.submit(hopeless)).failsWithin(Duration.ofSeconds(5));
    assertCommitted(commits.submit(commit("after", 0)));
  }

  @Test
  void a_closed_connection_answers_too() {
    commits.commit(commit("warm", 0));
    connections.close();
    assertThatThrownBy(() -> commits.commit(commit("a", 0)))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void a_server_that_says_nothing_is_given_up_in_time() {
    commits.commit(commit("warm", 0));
    raw.pauseWrites();
    CompletableFuture<Verdict> answer = commits.submit(commit("a", 0));
    // The server would go on after 20 s.
    assertThat(answer).failsWithin(Connections.REPLY_WITHIN.plusSeconds(4));
  }

  @Test
  void an_interrupted_caller_is_told_and_stays_interrupted() throws Exception {
    commits.commit(commit("warm", 0));
    var interrupted = new CompletableFuture<Boolean>();
    raw.pauseWrites();
    var entered = new CountDownLatch(1);
    Thread caller = Thread.ofVirtual().start(() -> {
      entered.countDown();
      try {
        commits.commit(commit("a", 0));
        interrupted.complete(false);
      } catch (StoreUnavailableException _) {
        interrupted.complete(Thread.currentThread().isInterrupted());
      }
    });
    entered.await();
    caller.interrupt();
    assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
  }

  private String calls() {
    return raw.redis()
        .info("commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_evalsha:"))
        .findFirst()
        .orElseThrow();
  }

  private static void assertAllAnswered(List<CompletableFuture<Verdict>> answers) {
    assertThat(CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .handle((_, _) -> true)
        .completeOnTimeout(false, 20, TimeUnit.SECONDS)
        .join()).as("all answered").isTrue();
  }

  private static void assertCommitted(CompletableFuture<Verdict> answer) {
    try {
      assertThat(answer.get(20, TimeUnit.SECONDS)).isInstanceOf(Verdict.Committed.class);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** All of it comes in while the first call is under way. */
  private <T> T pauseWhile(Supplier<T> step) {
    raw.pauseWrites();
    try {
      return step.get();
    } finally {
      raw.goOn();
    }
  }

  private List<CompletableFuture<Verdict>> submitAll(String key, int count) {
    return commits.submitAll(IntStream.range(0, count).mapToObj(i -> commit(key, i)).toList());
  }

  private List<CompletableFuture<Verdict>> submitEach(String key, int count) {
    return IntStream.range(0, count).mapToObj(i -> commits.submit(commit(key, i))).toList();
  }

  private static EventId id(String key, int number) {
    return new EventId(DerivedId.of(key, Integer.toString(number)));
  }

  private static Commit commit(String key, int number) {
    EventId id = id(key, number);
    var event = new Recorded<>(id, AT, new UserProfileCreated(new UserId(key), "x"));
    return Commit.publication(event);
  }
}
