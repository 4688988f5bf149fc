package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.GroupStatus;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.OperationsContract;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisOperationsTest extends OperationsContract {

  @Override
  protected Harness harness() {
    return new RedisHarness();
  }

  private static final String STREAM = UserEvent.TOPIC.name();

  private Raw raw;
  private RedisCommands<String, String> redis;
  private Connections connections;
  private RedisOperations operations;

  @BeforeEach
  void connect() {
    raw = new Raw(TestRedis.shared().url());
    redis = raw.redis();
    connections = new Connections(TestRedis.shared().productUrl());
    operations = new RedisOperations(connections, new Partitions(connections));
  }

  @AfterEach
  void disconnect() {
    connections.close();
    raw.close();
  }

  @Test
  void a_lag_that_redis_does_not_know_is_counted() {
    add(10);
    make("foreign Group!", "0");
    String third = redis.xrange(STREAM, Range.unbounded()).get(2).getId();
    redis.xgroupSetid(XReadArgs.StreamOffset.from(STREAM, third), "foreign Group!");
    redis.xdel(STREAM, redis.xrange(STREAM, Range.unbounded()).get(5).getId());
    make("odd-start", third);
    List<GroupStatus> groups = groups();
    assertThat(groups).extracting(GroupStatus::group).containsExactly("foreign Group!", "odd-start");
    assertThat(groups).extracting(GroupStatus::lag).containsExactly(6L, 6L);
    assertThat(groups).extracting(GroupStatus::oldestUnsettledAge)
        .allSatisfy(age -> assertThat(age.isNegative()).isFalse());
  }

  @Test
  void ids_that_no_clock_gave_are_borne() {
    redis.xadd(STREAM, new XAddArgs().id("18446744073709551614-1"), "a", "b");
    make("group", "0");
    assertThat(groups()).singleElement().satisfies(group -> {
      assertThat(group.lag()).isOne();
      assertThat(group.oldestUnsettledAge()).isZero();
    });
  }

  @Test
  @SuppressWarnings("unchecked")
  void a_million_entries_and_two_hundred_thousand_pending_are_answered() {
    for (int i = 0; i < 1_000_000; i++) {
      var _ = raw.later().xadd(STREAM, "a", "b");
      if (i % 50_000 == 0) {
        redis.ping();
      }
    }
    make("group", "0");
    for (int i = 0; i < 20; i++) {
      var _ = redis.xreadgroup(Consumer.from("group", "one"), XReadArgs.Builder.count(10_000),
          XReadArgs.StreamOffset.lastConsumed(STREAM));
    }
    redis.xdel(STREAM, redis.xrevrange(STREAM, Range.unbounded(), Limit.from(1)).getFirst().getId());
    long from = System.nanoTime();
    assertThat(groups()).singleElement().satisfies(group -> {
      assertThat(group.pending()).isEqualTo(200_000);
      assertThat(group.lag()).isBetween(700_000L, 900_000L);
    });
    assertThat(operations.pending(UserEvent.TOPIC, new Group("group"), EntryId.START, 200)).hasSize(200);
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Connections.REPLY_WITHIN.multipliedBy(3));
  }

  private List<GroupStatus> groups() {
    return operations.streams().getLast().groups();
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      redis.xadd(STREAM, "a", "b");
    }
  }

  private void make(String group, String start) {
    redis.xgroupCreate(XReadArgs.StreamOffset.from(STREAM, start), group, XGroupCreateArgs.Builder.mkstream());
  }
}
