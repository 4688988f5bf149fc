package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Messaging;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.Tally;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.models.stream.PendingMessage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Several clients of one real server. Its time passes by itself. */
final class RedisHarness implements Harness {

  private static final Duration LEASE = Duration.ofMillis(400);

  private final TestRedis server = TestRedis.shared();
  private final Tally tally = new Tally();
  private Raw raw = new Raw(server.url());

  RedisHarness() {
    raw.redis().flushall();
  }

  Raw raw() {
    return raw;
  }

  static RedisSettings settings() {
    return settings(NodeSettings.DEFAULT);
  }

  private static RedisSettings settings(NodeSettings node) {
    return new RedisSettings(TestRedis.shared().productUrl(),
        new DeliverySettings(LEASE, ATTEMPTS, Duration.ofMillis(50), Duration.ofMillis(200), CONCURRENCY,
            Duration.ofMillis(200), node.handlerTimeout()),
        node.retention());
  }

  @Override
  public Node start(NodeSettings settings) {
    var connections = new Connections(server.productUrl());
    var messaging = new RedisMessaging(settings(settings), connections, tally);
    return new Node() {
      @Override
      public Messaging messaging() {
        return messaging;
      }

      @Override
      public void crash() {
        connections.close();
        messaging.close();
      }

      @Override
      public void close() {
        messaging.close();
      }
    };
  }

  @Override
  public Duration lease() {
    return LEASE;
  }

  @Override
  public void tick() {
    // The server's clock goes by itself.
  }

  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public void restartStore() {
    raw.close();
    server.restart();
    raw = new Raw(server.url());
  }

  @Override
  public void seize(Topic<?> topic, Group group) {
    List<PendingMessage> pending = raw.redis()
        .xpending(topic.name(), group.name(), Range.unbounded(), Limit.from(1000));
    if (!pending.isEmpty()) {
      raw.redis()
          .xclaim(topic.name(), Consumer.from(group.name(), "thief"), 0,
              pending.stream().map(PendingMessage::getId).toArray(String[]::new));
    }
  }

  @Override
  public long unsettled(Topic<?> topic, Group group) {
    try {
      // In this order: what is delivered between the two calls is counted twice, and not overlooked.
      long lag = lag(topic, group);
      return lag + raw.redis().xpending(topic.name(), group.name()).getCount();
    } catch (RedisCommandExecutionException e) {
      return Long.MAX_VALUE;
    }
  }

  /** What lies behind the last entry that was delivered. */
  private long lag(Topic<?> topic, Group group) {
    List<?> groups = raw.redis().xinfoGroups(topic.name());
    String last = groups.stream()
        .map(List.class::cast)
        .filter(info -> value(info, "name").equals(group.name()))
        .map(info -> value(info, "last-delivered-id"))
        .findFirst()
        .orElse("0-0");
    return raw.redis()
        .xrange(topic.name(), Range.from(Range.Boundary.excluding(last), Range.Boundary.unbounded()))
        .size();
  }

  private static String value(List<?> info, String name) {
    return String.valueOf(info.get(info.indexOf(name) + 1));
  }

  @Override
  public long deadLetters(Topic<?> topic, Group group) {
    return raw.redis().xlen(Keys.of(topic).dead(group));
  }

  @Override
  public void destroyGroup(Topic<?> topic, Group group) {
    raw.redis().xgroupDestroy(topic.name(), group.name());
  }

  @Override
  public void rewind(Topic<?> topic, Group group) {
    raw.redis().xgroupSetid(XReadArgs.StreamOffset.from(topic.name(), "0"), group.name());
  }

  @Override
  public void delete(Topic<?> topic, Set<EntryId> entries) {
    raw.redis().xdel(topic.name(), entries.stream().map(EntryId::toString).toArray(String[]::new));
  }

  @Override
  public void expire(StateKey<?> key) {
    String redisKey = Keys.of(key.aggregate().topic()).state(key);
    long left = raw.redis().pttl(redisKey);
    long lifetime = key.aggregate().lifetime().orElseThrow().toMillis();
    if (left <= lifetime / 2 || left > lifetime) {
      throw new IllegalStateException(key + " has " + left + " ms to live");
    }
    raw.redis().del(redisKey);
  }

  @Override
  public void empty() {
    raw.redis().flushall();
  }

  /** What the registry holds and what Redis lists: before 7.2 it does not list who got nothing yet. */
  @Override
  public Set<String> consumers(Topic<?> topic, Group group) {
    var names = new HashSet<>(raw.redis().zrange(Keys.of(topic).consumers(group), 0, -1));
    try {
      raw.redis().xinfoConsumers(topic.name(), group.name()).forEach(info -> names.add(value((List<?>) info, "name")));
    } catch (RedisCommandExecutionException _) {
      return Set.of();
    }
    return names;
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public long connections() {
    return raw.ours();
  }

  @Override
  public void close() {
    raw.close();
  }
}
