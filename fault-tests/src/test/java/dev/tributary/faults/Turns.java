package dev.tributary.faults;

import static org.awaitility.Awaitility.await;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.adapters.redis.RedisSettings;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.DerivedId;
import dev.tributary.application.Messaging;
import dev.tributary.application.Retention;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.Welcome;
import dev.tributary.domain.user.WelcomeEmailSent;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Events of some keys that come one after the other, in eight partitions: publishes them, and sees in Redis in which order they were handled. What
 * comes of a turn is an event with the turn's time, so that the log itself tells.
 */
final class Turns implements AutoCloseable {

  static final Duration LEASE = Duration.ofSeconds(2);
  static final SubscriptionSpec<UserCreated> READ = new SubscriptionSpec<>(UserEvent.TOPIC, new Group("turns"),
      UserCreated.class);

  private static final Partitioning PARTITIONING = new Partitioning(8);
  private static final Instant FIRST = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final int NEVER_GIVES_UP = 1_000_000;
  private static final int PAGE = 1_000;
  private static final Duration PUBLISHED_WITHIN = Duration.ofSeconds(60);

  private final int keys;
  private final Messaging messaging;
  private final Admin admin;
  private final RedisClusterCommands<String, String> redis;
  private int published;

  /**
   * @param adminUrl of somebody who may do everything
   * @param replicas that must have a turn before it is published
   */
  Turns(String url, String adminUrl, int replicas, int keys) {
    this.keys = keys;
    this.messaging = RedisMessaging.open(settings(url, replicas));
    this.admin = Admin.at(adminUrl);
    this.redis = admin.redis();
  }

  static RedisSettings settings(String url, int replicas) {
    var deliveries = new DeliverySettings(LEASE, NEVER_GIVES_UP, Duration.ofMillis(20), Duration.ofMillis(200), 64,
        Duration.ofSeconds(1), Duration.ofSeconds(30));
    return new RedisSettings(url, deliveries, new Retention(Duration.ofDays(7), List.of(READ)), replicas,
        PARTITIONING);
  }

  /** Which of its key's events it was that happened then, from 0. */
  static int turn(Instant at) {
    return Math.toIntExact(Duration.between(FIRST, at).toMillis());
  }

  /** @param version that the key's state is thought to have */
  static Outcome taken(Recorded<UserCreated> turn, long version) {
    UserCreated event = turn.event();
    var state = new Welcome(event.userId(), event.email(), turn.at());
    var id = new EventId(DerivedId.of(turn.id().toString(), "taken"));
    return new Outcome.Settled(new Work(List.of(new Change<>(Welcome.key(event.userId()), version, state)),
        List.of(new Recorded<>(id, turn.at(), new WelcomeEmailSent(event.userId(), event.email())))));
  }

  /** Those turns of every key, all keys' first ones first. */
  void publish(int from, int to) {
    IntStream.range(from, to).forEach(this::publish);
    published += (to - from) * keys;
  }

  /** Until all of it is stored. */
  private void publish(int turn) {
    await("turn " + turn + " is published").atMost(PUBLISHED_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .pollDelay(Duration.ZERO)
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(() -> {
          messaging.publisher().publish(UserEvent.TOPIC, ofAllKeys(turn));
          return true;
        });
  }

  private List<Recorded<UserEvent>> ofAllKeys(int turn) {
    return IntStream.range(0, keys)
        .mapToObj(key -> new Recorded<UserEvent>(new EventId(DerivedId.of(user(key), Integer.toString(turn))),
            FIRST.plusMillis(turn),
            new UserCreated(new UserId(user(key)), new EmailAddress(user(key) + "@example.com"), Optional.empty())))
        .toList();
  }

  private static String user(int key) {
    return "user-" + key;
  }

  int published() {
    return published;
  }

  /** How many turns were handled by now. */
  int handled() {
    return Math.toIntExact(streams().stream().mapToLong(redis::xlen).sum()) - published;
  }

  private static List<String> streams() {
    return IntStream.range(0, PARTITIONING.count()).mapToObj(number -> UserEvent.TOPIC + "." + number).toList();
  }

  boolean isDrained() {
    return handled() >= published && leftovers().isEmpty();
  }

  /** What is wrong, a line for each key and partition; empty if each key's turns were handled once, one after the other, and nothing is left. */
  List<String> findings() {
    List<String> findings = new ArrayList<>(leftovers());
    Map<String, List<Integer>> handled = handledTurns();
    List<Integer> all = IntStream.range(0, published / keys).boxed().toList();
    for (int key = 0; key < keys; key++) {
      List<Integer> turns = handled.getOrDefault(user(key), List.of());
      if (!turns.equals(all)) {
        findings.add(user(key) + " took its turns in the order " + turns);
      }
      String version = redis.hget(tagged(streamOf(user(key)), "welcome:" + user(key)), "v");
      if (!Integer.toString(all.size()).equals(version)) {
        findings.add(user(key) + " has version " + version + " after " + all.size() + " turns");
      }
    }
    return findings;
  }

  private static String streamOf(String key) {
    return UserEvent.TOPIC + "." + PARTITIONING.of(key);
  }

  private static String tagged(String stream, String rest) {
    return "{" + stream + "}:" + rest;
  }

  private List<String> leftovers() {
    var found = new ArrayList<String>();
    String group = READ.group().name();
    for (String stream : streams()) {
      Range<String> undelivered = Range.from(Range.Boundary.excluding(lastDelivered(stream)),
          Range.Boundary.unbounded());
      // In this order: what is delivered in between is seen.
      boolean lags = !redis.xrange(stream, undelivered, Limit.from(1)).isEmpty();
      long pending = lastDelivered(stream).equals("0-0") ? 0 : redis.xpending(stream, group).getCount();
      long dead = redis.xlen(tagged(stream, "dead:" + group));
      if (lags || pending > 0 || dead > 0) {
        found.add(stream + (lags ? " lags, has " : " has ") + pending + " pending and " + dead + " dead letters");
      }
    }
    return found;
  }

  /** The very beginning where there is no group yet. */
  private String lastDelivered(String stream) {
    if (redis.exists(stream) == 0) {
      return "0-0";
    }
    return redis.xinfoGroups(stream)
        .stream()
        .map(info -> (List<?>) info)
        .filter(values -> values.get(values.indexOf("name") + 1).equals(READ.group().name()))
        .map(values -> String.valueOf(values.get(values.indexOf("last-delivered-id") + 1)))
        .findFirst()
        .orElse("0-0");
  }

  /** By key, in the order of the log. */
  private Map<String, List<Integer>> handledTurns() {
    var turns = new HashMap<String, List<Integer>>();
    for (String stream : streams()) {
      String after = "0-0";
      List<StreamMessage<String, String>> page;
      do {
        page = redis.xrange(stream, Range.from(Range.Boundary.excluding(after), Range.Boundary.unbounded()),
            Limit.from(PAGE));
        for (StreamMessage<String, String> entry : page) {
          note(entry.getBody(), turns);
          after = entry.getId();
        }
      } while (!page.isEmpty());
    }
    return turns;
  }

  private static void note(Map<String, String> entry, Map<String, List<Integer>> turns) {
    if (WelcomeEmailSent.TYPE.equals(entry.get("type"))) {
      Instant at = Instant.ofEpochMilli(Long.parseLong(entry.getOrDefault("timestamp", "")));
      turns.computeIfAbsent(entry.getOrDefault("key", ""), _ -> new ArrayList<>()).add(turn(at));
    }
  }

  @Override
  public void close() {
    messaging.close();
    admin.close();
  }
}
