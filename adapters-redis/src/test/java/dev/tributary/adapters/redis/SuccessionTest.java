package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.Consumer;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read behind settlements, and how many are worked on: here nobody settles, and who ends, ends by the test's word. */
class SuccessionTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String STREAM = Keys.of(UserEvent.TOPIC).stream();
  private static final Group GROUP = new Group("succession-group");
  private static final int HANDS = 4;

  private final Workers workers = new Workers("test", HANDS);
  private final Queue<String> arrived = new ConcurrentLinkedQueue<>();
  private final Queue<String> begun = new ConcurrentLinkedQueue<>();
  private final Queue<String> unable = new ConcurrentLinkedQueue<>();
  private final Succession succession = new Succession(STREAM, Consumer.from(GROUP.name(), "consumer"), workers,
      new Succession.Deliveries() {
        @Override
        public Optional<Running> take(Delivered delivered) {
          arrived.add(delivered.lease().entryId());
          return Optional.of(new Running(delivered));
        }

        @Override
        public void begin(Running running) {
          String id = running.lease().entryId();
          if (unable.contains(id)) {
            throw new IllegalStateException("no thread for it");
          }
          begun.add(id);
        }
      });
  private Raw raw;
  private Connections connections;
  private RedisClusterAsyncCommands<String, byte[]> redis;

  @BeforeEach
  void open() {
    raw = new Raw(TestRedis.shared().url());
    raw.redis().flushall();
    raw.redis()
        .xgroupCreate(XReadArgs.StreamOffset.from(STREAM, "0"), GROUP.name(), XGroupCreateArgs.Builder.mkstream());
    connections = new Connections(TestRedis.shared().productUrl());
    redis = connections.shared();
    assertThat(freeHands()).as("all have something in hand from now on").isEqualTo(HANDS);
  }

  @AfterEach
  void close() {
    connections.close();
    raw.close();
  }

  private void add(int from, int to) {
    IntStream.range(from, to)
        .forEach(i -> raw.redis()
            .xadd(STREAM, new XAddArgs().id("1-" + (i + 1)),
                Map.of("event", "{}")));
  }

  private int freeHands() {
    int count = 0;
    while (workers.takeOne()) {
      count++;
    }
    return count;
  }

  private void end(int count) {
    IntStream.range(0, count).forEach(_ -> succession.giveBack(1));
  }

  private void follow(int settlements) {
    succession.follow(redis, settlements);
    succession.awaitReads();
  }

  @Test
  void what_has_ended_is_followed_by_as_many() {
    add(0, 6);
    succession.open(LONG);
    follow(3);
    assertThat(arrived).containsExactly("1-1", "1-2", "1-3");
    assertThat(begun).as("before anything has ended").isEmpty();
    end(3);
    assertThat(begun).containsExactly("1-1", "1-2", "1-3");
    assertThat(freeHands()).isZero();
  }

  @Test
  void what_comes_after_all_has_ended_begins_at_once() {
    add(0, 2);
    succession.open(LONG);
    raw.pauseWrites();
    succession.follow(redis, 2);
    end(2);
    assertThat(workers.takeOne()).as("kept for what comes").isFalse();
    raw.goOn();
    await().atMost(SOON).untilAsserted(() -> assertThat(begun).containsExactly("1-1", "1-2"));
  }

  /** Where a state had moved on, the handler has it again: with one in hand nothing else may run beside it. */
  @Test
  void what_does_not_end_keeps_its_hand_and_who_came_in_its_stead_waits() {
    add(0, 3);
    succession.open(LONG);
    follow(3);
    end(2);
    assertThat(begun).containsExactly("1-1", "1-2");
    end(1);
    assertThat(begun).containsExactly("1-1", "1-2", "1-3");
    end(1);
    assertThat(workers.takeOne()).as("owed nothing any more").isTrue();
  }

  @Test
  void one_that_settles_in_vain_again_and_again_has_one_successor() {
    add(0, 20);
    succession.open(LONG);
    for (int i = 0; i < 5; i++) {
      follow(HANDS);
    }
    assertThat(arrived).hasSize(HANDS);
    end(HANDS);
    follow(HANDS);
    assertThat(arrived).as("and goes on once that is at work").hasSize(2 * HANDS);
  }

  @Test
  void a_hand_that_the_reader_did_not_need_is_for_what_waits() {
    add(0, 2);
    succession.open(LONG);
    follow(2);
    succession.giveBack(1);
    assertThat(begun).containsExactly("1-1");
    succession.giveBack(3);
    assertThat(begun).containsExactly("1-1", "1-2");
    assertThat(freeHands()).isEqualTo(2);
  }

  @Test
  void hands_that_nothing_came_for_are_free_and_the_reader_goes_on() {
    add(0, 1);
    succession.open(LONG);
    follow(3);
    end(3);
    assertThat(begun).containsExactly("1-1");
    assertThat(freeHands()).isEqualTo(2);
    add(1, 2);
    follow(1);
    assertThat(arrived).as("not followed any more").hasSize(1);
    succession.open(LONG);
    follow(1);
    end(1);
    follow(1);
    end(1);
    assertThat(begun).containsExactly("1-1", "1-2");
    assertThat(freeHands()).as("nothing came the second time").isEqualTo(1);
  }

  @Test
  void nothing_follows_unless_the_reader_has_seen_that_there_is_more_nor_once_it_is_its_turn() {
    add(0, 3);
    follow(1);
    succession.open(Duration.ZERO);
    follow(1);
    succession.open(LONG);
    succession.shut();
    follow(1);
    assertThat(arrived).isEmpty();
    end(1);
    assertThat(freeHands()).isEqualTo(1);
  }

  @Test
  void where_a_reply_is_lost_all_hands_are_free_and_nothing_follows_until_that_was_looked_at() {
    succession.open(LONG);
    raw.redis().xgroupDestroy(STREAM, GROUP.name());
    follow(2);
    end(2);
    assertThat(freeHands()).isEqualTo(2);
    add(0, 3);
    raw.redis().xgroupCreate(XReadArgs.StreamOffset.from(STREAM, "0"), GROUP.name());
    succession.open(LONG);
    follow(1);
    assertThat(arrived).isEmpty();
    assertThat(succession.takeFailure()).isTrue();
    assertThat(succession.takeFailure()).as("told once").isFalse();
    succession.open(LONG);
    follow(1);
    assertThat(arrived).hasSize(1);
  }

  @Test
  void where_one_cannot_be_begun_its_hand_goes_to_the_next() {
    add(0, 2);
    unable.add("1-1");
    succession.open(LONG);
    follow(2);
    end(1);
    assertThat(begun).containsExactly("1-2");
    assertThat(succession.takeFailure()).isTrue();
    end(1);
    assertThat(freeHands()).isEqualTo(1);
  }

  @Test
  void what_comes_while_it_is_closed_stays_in_hand_and_is_not_begun() throws Exception {
    add(0, 3);
    succession.open(LONG);
    raw.pauseWrites();
    succession.follow(redis, 2);
    end(1);
    Thread closing = Thread.startVirtualThread(succession::close);
    await().atMost(SOON).until(() -> closing.getState() == Thread.State.WAITING);
    end(HANDS - 1);
    raw.goOn();
    closing.join();
    follow(1);
    assertThat(arrived).containsExactly("1-1", "1-2");
    assertThat(begun).isEmpty();
    assertThat(freeHands()).isEqualTo(HANDS);
  }
}
