package dev.tributary.adapters.redis;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Messaging;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.Tally;
import io.lettuce.core.Consumer;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.lettuce.core.models.stream.PendingMessages;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Several clients of one real Redis, be it one server or a cluster. Its time passes by itself. */
abstract class StoreHarness implements Harness {

  private static final Duration LEASE = Duration.ofMillis(400);
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(10);

  private final Tally tally = new Tally();
  private final Partitioning partitioning;

  StoreHarness(Partitioning partitioning) {
    this.partitioning = partitioning;
  }

  /** Of somebody who may do everything. */
  abstract RedisClusterCommands<String, String> redis();

  /** Likewise, for what is asked of many partitions at once. */
  abstract RedisClusterAsyncCommands<String, String> later();

  /** For the product. */
  abstract String url();

  @Override
  public Partitioning partitioning() {
    return partitioning;
  }

  private List<Keys> keys(Topic<?> topic) {
    return IntStream.range(0, partitioning.count()).mapToObj(number -> Keys.of(topic, number, partitioning)).toList();
  }

  private List<String> streams(Topic<?> topic) {
    return keys(topic).stream().map(Keys::stream).toList();
  }

  static RedisSettings settings(String url, NodeSettings node, Partitioning partitioning) {
    return new RedisSettings(url,
        new DeliverySettings(node.lease().orElse(LEASE), ATTEMPTS, Duration.ofMillis(50), Duration.ofMillis(200),
            CONCURRENCY, node.grace(), node.handlerTimeout()),
        node.retention(), 0, partitioning);
  }

  @Override
  public Node start(NodeSettings settings) {
    var connections = new Connections(url(), DeliveryMonitor.NONE, 0,
        new PartitionsCheck(partitioning, true));
    var messaging = new RedisMessaging(settings(url(), settings, partitioning), connections, tally);
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

  /** A look asks every partition. */
  @Override
  public Duration pause() {
    return Duration.ofMillis(5 + partitioning.count() / 4);
  }

  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public void seize(Topic<?> topic, Group group) {
    for (Keys keys : keys(topic)) {
      if (redis().exists(keys.lease(group)) > 0) {
        long now = System.currentTimeMillis();
        redis()
            .hset(keys.lease(group), Map.of("owner", "thief", "fence", Long.toString(now), "until",
                Long.toString(now + LEASE.toMillis())));
      }
      seize(keys.stream(), group);
    }
  }

  private void seize(String stream, Group group) {
    List<PendingMessage> pending = redis()
        .xpending(stream, group.name(), Range.unbounded(), Limit.from(1000));
    if (!pending.isEmpty()) {
      redis()
          .xclaim(stream, Consumer.from(group.name(), "thief"), 0,
              pending.stream().map(PendingMessage::getId).toArray(String[]::new));
    }
  }

  @Override
  public long unsettled(Topic<?> topic, Group group) {
    try {
      // In this order: what is delivered between the two calls is counted twice, and not overlooked.
      long lag = lag(streams(topic), group);
      return lag + ofEach(streams(topic), stream -> later().xpending(stream, group.name()))
          .mapToLong(PendingMessages::getCount)
          .sum();
    } catch (RedisCommandExecutionException e) {
      return Long.MAX_VALUE;
    }
  }

  /** What lies behind the last entries that were delivered. */
  private long lag(List<String> streams, Group group) {
    Iterator<String> last = ofEach(streams, later()::xinfoGroups).map(groups -> lastDelivered(groups, group))
        .iterator();
    return ofEach(streams, stream -> later()
        .xrange(stream, Range.from(Range.Boundary.excluding(last.next()), Range.Boundary.unbounded())))
        .mapToLong(List::size)
        .sum();
  }

  private static String lastDelivered(List<?> groups, Group group) {
    return groups.stream()
        .map(List.class::cast)
        .filter(info -> value(info, "name").equals(group.name()))
        .map(info -> value(info, "last-delivered-id"))
        .findFirst()
        .orElse("0-0");
  }

  /** Sends all before it waits for the first reply. */
  private static <P, T> Stream<T> ofEach(List<P> partitions, Function<P, RedisFuture<T>> question) {
    List<RedisFuture<T>> asked = partitions.stream().map(question).toList();
    return asked.stream()
        .map(reply -> LettuceFutures.awaitOrCancel(reply, ANSWERED_WITHIN.toSeconds(), TimeUnit.SECONDS));
  }

  private static String value(List<?> info, String name) {
    return String.valueOf(info.get(info.indexOf(name) + 1));
  }

  @Override
  public long deadLetters(Topic<?> topic, Group group) {
    return ofEach(keys(topic), keys -> later().xlen(keys.dead(group))).mapToLong(Long::longValue).sum();
  }

  @Override
  public void destroyGroup(Topic<?> topic, Group group) {
    streams(topic).forEach(stream -> redis().xgroupDestroy(stream, group.name()));
  }

  @Override
  public void rewind(Topic<?> topic, Group group) {
    streams(topic)
        .forEach(stream -> redis().xgroupSetid(XReadArgs.StreamOffset.from(stream, "0"), group.name()));
  }

  @Override
  public void delete(Topic<?> topic, Set<EntryId> entries) {
    String[] ids = entries.stream().map(EntryId::toString).toArray(String[]::new);
    streams(topic).forEach(stream -> redis().xdel(stream, ids));
  }

  @Override
  public void expire(StateKey<?> key) {
    String redisKey = Keys.of(key.aggregate().topic(), partitioning.of(key.id()), partitioning).state(key);
    long left = redis().pttl(redisKey);
    long lifetime = key.aggregate().lifetime().orElseThrow().toMillis();
    if (left <= lifetime / 2 || left > lifetime) {
      throw new IllegalStateException(key + " has " + left + " ms to live");
    }
    redis().del(redisKey);
  }

  @Override
  public void empty() {
    redis().flushall();
  }

  /**
   * What the registry holds and what Redis lists: before 7.2 it does not list who got nothing yet. Where order is kept, members too: of a partition
   * only its owner is a consumer.
   */
  @Override
  public Set<String> consumers(Topic<?> topic, Group group) {
    var names = new HashSet<>(redis().zrange(Keys.members(topic, group), 0, -1));
    try {
      ofEach(keys(topic), keys -> later().zrange(keys.consumers(group), 0, -1)).forEach(names::addAll);
      ofEach(streams(topic), stream -> later().xinfoConsumers(stream, group.name()))
          .flatMap(List::stream)
          .forEach(info -> names.add(value((List<?>) info, "name")));
    } catch (RedisCommandExecutionException _) {
      return Set.of();
    }
    return names;
  }

  @Override
  public Tally tally() {
    return tally;
  }
}
