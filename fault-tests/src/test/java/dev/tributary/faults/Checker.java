package dev.tributary.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tributary.domain.messaging.Partitioning;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks into Redis, and compares it with what customers were told and what the services outside have seen. */
final class Checker implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String ORDERS = "order-events";
  private static final String USERS = "user-events";
  /** Each change of a state adds 1: created, paid, shipped; created, profile. */
  private static final int PAID = 2;
  private static final int SHIPPED = 3;
  private static final int WITH_PROFILE = 2;
  static final Map<String, List<String>> GROUPS = Map.of("user-events", List.of("email-processors", "user-processors"),
      "order-events", List.of("payment-processors", "shipping-processors"));

  private final Admin admin;
  private final RedisClusterCommands<String, String> redis;
  private final Partitioning partitioning;
  private final Witness witness;
  private int copies = 1;
  private final List<String> lost = new ArrayList<>();
  private final List<String> duplicated = new ArrayList<>();
  private final List<String> torn = new ArrayList<>();
  private final List<String> unexpected = new ArrayList<>();

  /** @param url of somebody who may do everything */
  Checker(String url, int partitions, Witness witness) {
    admin = Admin.at(url);
    redis = admin.redis();
    partitioning = new Partitioning(partitions);
    this.witness = witness;
  }

  RedisClusterCommands<String, String> redis() {
    return redis;
  }

  static List<String> groupsOf(String stream) {
    return GROUPS.getOrDefault(stream, List.of());
  }

  /** A test that has added every entry again says so. */
  void expectCopies(int count) {
    copies = count;
  }

  /** Whether nothing is pending or yet to be delivered, in any group. */
  boolean isDrained() {
    return GROUPS.entrySet()
        .stream()
        .allMatch(topic -> streams(topic.getKey())
            .allMatch(stream -> topic.getValue().stream().allMatch(group -> isDrained(stream, group))));
  }

  private Stream<String> streams(String topic) {
    return IntStream.range(0, partitioning.count()).mapToObj(number -> stream(topic, number));
  }

  private String stream(String topic, int number) {
    return partitioning.count() == 1 ? topic : topic + "." + number;
  }

  /** @param kind what stands between the hash tag and the id */
  private String key(String topic, String kind, String id) {
    return "{" + stream(topic, partitioning.of(id)) + "}:" + kind + ":" + id;
  }

  private String order(String id) {
    return key(ORDERS, "order", id);
  }

  private String user(String id) {
    return key(USERS, "user", id);
  }

  /** First what is to be delivered, then what is pending: what is delivered in between is seen. Redis's own lag may be unknown. */
  private boolean isDrained(String stream, String group) {
    try {
      Range<String> undelivered = Range.from(Range.Boundary.excluding(lastDelivered(stream, group)),
          Range.Boundary.unbounded());
      return redis.xrange(stream, undelivered, Limit.from(1)).isEmpty()
          && redis.xpending(stream, group).getCount() == 0;
    } catch (RedisCommandExecutionException _) {
      return false;
    }
  }

  private String lastDelivered(String stream, String group) {
    for (Object info : redis.xinfoGroups(stream)) {
      var values = (List<?>) info;
      if (values.get(values.indexOf("name") + 1).equals(group)) {
        return String.valueOf(values.get(values.indexOf("last-delivered-id") + 1));
      }
    }
    throw new RedisCommandExecutionException("NOGROUP " + group);
  }

  /** @param users and orders, that customers were told are there; besides, all that Redis holds is looked at */
  Findings examine(Set<String> users, Set<String> orders) throws JsonProcessingException {
    return examine(users, orders, Set.of());
  }

  /** @param forgiven orders whose events a fault has deleted: they may be unfinished, but nothing of them may be there twice */
  Findings examine(Set<String> users, Set<String> orders, Set<String> forgiven) throws JsonProcessingException {
    Map<String, Map<String, Integer>> orderEvents = events(ORDERS);
    Set<String> all = ids(ORDERS, "order");
    all.addAll(orders);
    all.addAll(orderEvents.keySet());
    Set<String> everybody = ids(USERS, "user");
    for (String id : all) {
      order(id, orderEvents.getOrDefault(id, Map.of()), forgiven.contains(id), everybody);
    }
    Map<String, Map<String, Integer>> userEvents = events(USERS);
    everybody.addAll(users);
    everybody.addAll(userEvents.keySet());
    for (String id : everybody) {
      user(id, userEvents.getOrDefault(id, Map.of()));
    }
    all.addAll(forgiven);
    strangers(all);
    return new Findings(List.copyOf(lost), List.copyOf(duplicated), List.copyOf(torn), List.copyOf(unexpected));
  }

  private void order(String id, Map<String, Integer> events, boolean forgiven, Set<String> known)
      throws JsonProcessingException {
    JsonNode state = state(order(id));
    int version = version(order(id));
    boolean paid = state.path("payment").path("id").isTextual();
    boolean shipped = state.path("shipment").path("trackingNumber").isTextual();
    if (events.values().stream().anyMatch(count -> count > copies) || version > SHIPPED) {
      duplicated.add(id + " has version " + version + " and events " + events);
    }
    if ((paid && !state.path("payment").path("id").textValue().equals(Witness.idFor(id)))
        || (shipped && !state.path("shipment").path("trackingNumber").textValue().equals(Witness.idFor(id)))) {
      unexpected.add(id + " was charged or shipped under another key: " + state);
    }
    if (version != (shipped ? SHIPPED : paid ? PAID : Math.min(version, 1))) {
      torn.add(id + " has version " + version + " and state " + state);
    }
    if (forgiven) {
      return;
    }
    if (version > 0 && !known.contains(state.path("userId").asText())) {
      unexpected.add(id + " is an order of somebody who is not there: " + state);
    }
    if (events.containsKey("order_paid") != paid || events.containsKey("order_shipped") != shipped
        || events.containsKey("order_created") != (version > 0)) {
      torn.add(id + " has version " + version + ", events " + events + " and state " + state);
    }
    if (!shipped || !witness.payments().containsKey(id) || !witness.shipments().containsKey(id)) {
      lost.add(id + " was not carried through: " + state);
    }
  }

  private void user(String id, Map<String, Integer> events) throws JsonProcessingException {
    JsonNode state = state(user(id));
    int version = version(user(id));
    boolean profile = state.path("profile").path("displayName").isTextual();
    boolean welcomed = version(key(USERS, "welcome", id)) > 0;
    Set<String> mails = witness.mail().messageIds().getOrDefault(state.path("email").asText(), Set.of());
    if (events.values().stream().anyMatch(count -> count > copies) || version > WITH_PROFILE
        || version(key(USERS, "welcome", id)) > 1
        || mails.size() > 1) {
      duplicated.add(id + " has version " + version + ", events " + events + " and mails " + mails);
    }
    if (events.containsKey("user_profile_created") != profile || events.containsKey("welcome_email_sent") != welcomed
        || events.containsKey("user_created") != (version > 0) || profile != (version == WITH_PROFILE)) {
      torn.add(id + " has version " + version + ", events " + events + " and state " + state);
    }
    if (!profile || !welcomed || mails.isEmpty()) {
      lost.add(id + " has no profile or no mail: " + state);
    }
  }

  private void strangers(Set<String> orders) {
    var charged = new TreeSet<>(witness.payments().keySet());
    charged.addAll(witness.shipments().keySet());
    charged.removeAll(orders);
    charged.forEach(id -> unexpected.add(id + " was charged or shipped, but is no order"));
    witness.captures().forEach((order, keys) -> {
      if (!keys.equals(Set.of(order))) {
        duplicated.add(order + " was charged under the keys " + keys);
      }
    });
    if (!isDrained()) {
      unexpected.add("something is pending, or was not handed out");
    }
    redis.keys("*:dead:*").stream().filter(key -> redis.xlen(key) > 0).forEach(key -> {
      unexpected.add(key + " holds dead letters: " + redis.xrange(key, Range.unbounded(), Limit.from(1)));
    });
  }

  /** All that Redis holds. */
  Set<String> orders() {
    return ids(ORDERS, "order");
  }

  Set<String> users() {
    return ids(USERS, "user");
  }

  /** Deletes an order's state. */
  void forget(String order) {
    redis.del(order(order));
  }

  private JsonNode state(String key) throws JsonProcessingException {
    String state = redis.hget(key, "s");
    return JSON.readTree(state == null ? "{}" : state);
  }

  private int version(String key) {
    String version = redis.hget(key, "v");
    return version == null ? 0 : Integer.parseInt(version);
  }

  private Set<String> ids(String topic, String kind) {
    String before = ":" + kind + ":";
    ScanArgs some = ScanArgs.Builder.matches("{" + topic + "*}" + before + "*").limit(1000);
    var ids = new HashSet<String>();
    KeyScanCursor<String> page = redis.scan(some);
    page.getKeys().forEach(key -> ids.add(key.substring(key.indexOf(before) + before.length())));
    while (!page.isFinished()) {
      page = redis.scan(page, some);
      page.getKeys().forEach(key -> ids.add(key.substring(key.indexOf(before) + before.length())));
    }
    return ids;
  }

  /** How often each type, by key. */
  private Map<String, Map<String, Integer>> events(String topic) {
    var events = new HashMap<String, Map<String, Integer>>();
    streams(topic).forEach(stream -> count(stream, events));
    return events;
  }

  private void count(String stream, Map<String, Map<String, Integer>> events) {
    String after = "0-0";
    List<StreamMessage<String, String>> page;
    do {
      page = redis.xrange(stream, Range.from(Range.Boundary.excluding(after), Range.Boundary.unbounded()),
          Limit.from(1000));
      for (StreamMessage<String, String> entry : page) {
        count(entry.getBody(), events);
        after = entry.getId();
      }
    } while (!page.isEmpty());
  }

  /** What has no key is none of ours. */
  private static void count(Map<String, String> entry, Map<String, Map<String, Integer>> events) {
    String key = entry.get("key");
    if (key != null) {
      events.computeIfAbsent(key, _ -> new HashMap<>()).merge(entry.getOrDefault("type", "none"), 1, Integer::sum);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
