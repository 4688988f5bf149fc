package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.GroupStatus;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.Consumer;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XTrimArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where Redis itself does not know a group's lag, or counts it wrongly. */
class RedisLagTest {

  private static final String STREAM = UserEvent.TOPIC.name();

  private Raw raw;
  private RedisCommands<String, String> redis;
  private Connections connections;
  private RedisOperations operations;

  @BeforeEach
  void connect() {
    raw = new Raw(TestRedis.shared().url());
    redis = raw.redis();
    redis.flushall();
    connections = new Connections(TestRedis.shared().productUrl());
    operations = new RedisOperations(connections, new Partitions(connections, Partitioning.ONE));
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
  void a_lag_that_redis_counts_too_high_is_put_right() {
    add(6);
    make("group", "0");
    var _ = redis.xreadgroup(Consumer.from("group", "one"), XReadArgs.Builder.count(1),
        XReadArgs.StreamOffset.lastConsumed(STREAM));
    List<String> ids = redis.xrange(STREAM, Range.unbounded()).stream().map(StreamMessage::getId).toList();
    redis.xdel(STREAM, ids.get(5), ids.get(4), ids.get(0));
    redis.xtrim(STREAM, XTrimArgs.Builder.minId(ids.get(2)));
    assertThat(groups()).extracting(GroupStatus::lag).containsExactly(2L);
    redis.xtrim(STREAM, XTrimArgs.Builder.maxlen(0));
    assertThat(groups()).extracting(GroupStatus::lag).containsExactly(0L);
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
