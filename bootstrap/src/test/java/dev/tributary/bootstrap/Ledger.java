package dev.tributary.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks into Redis and says of each order what became of it: lost, duplicated, torn, or unexpected. */
final class Ledger implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, List<String>> GROUPS = Map.of("user-events",
      List.of("email-processors", "user-processors"), "order-events",
      List.of("payment-processors", "shipping-processors"));

  private final RedisClient client;
  private final RedisCommands<String, String> redis;

  Ledger(String url) {
    client = RedisClient.create(url);
    redis = client.connect().sync();
  }

  RedisCommands<String, String> redis() {
    return redis;
  }

  /** Whether nothing is pending or yet to be delivered, in any group. */
  boolean isDrained() {
    return GROUPS.entrySet()
        .stream()
        .allMatch(stream -> stream.getValue().stream().allMatch(group -> isDrained(stream.getKey(), group)));
  }

  /** First what is to be delivered, then what is pending: what is delivered in between is seen. Redis's own lag may be unknown. */
  private boolean isDrained(String stream, String group) {
    Range<String> undelivered = Range.from(Range.Boundary.excluding(lastDelivered(stream, group)),
        Range.Boundary.unbounded());
    return redis.xrange(stream, undelivered, Limit.from(1)).isEmpty() && redis.xpending(stream, group).getCount() == 0;
  }

  private String lastDelivered(String stream, String group) {
    for (Object info : redis.xinfoGroups(stream)) {
      var values = (List<?>) info;
      if (values.get(values.indexOf("name") + 1).equals(group)) {
        return String.valueOf(values.get(values.indexOf("last-delivered-id") + 1));
      }
    }
    return "0-0";
  }

  /** One faulty order a line; none if all went as promised. */
  List<String> faults(Collection<String> acknowledged, Witness witness) throws JsonProcessingException {
    var faults = new ArrayList<String>();
    Map<String, Map<String, Integer>> events = eventsByOrder();
    for (String id : acknowledged) {
      JsonNode state = state(id);
      if (!state.path("payment").path("id").asText().equals(Witness.idFor(id))
          || !state.path("shipment").path("trackingNumber").asText().equals(Witness.idFor(id))) {
        faults.add(id + " lost or torn: " + state);
      }
      if (!witness.payments().containsKey(id) || !witness.shipments().containsKey(id)) {
        faults.add(id + " never reached the services");
      }
    }
    events.forEach((id, counts) -> {
      if (!counts.equals(Map.of("order_created", 1, "order_paid", 1, "order_shipped", 1))) {
        faults.add(id + " has events: " + counts);
      }
    });
    acknowledged.stream().filter(id -> !events.containsKey(id)).forEach(id -> faults.add(id + " has no event"));
    witness.payments()
        .keySet()
        .stream()
        .filter(id -> !events.containsKey(id))
        .forEach(id -> faults.add(id + " was charged, but no order"));
    return faults;
  }

  /** Each change of an order's state adds 1: created, paid, shipped. */
  void assertEachStateChangedOnce(Collection<String> orders) {
    assertThat(orders).allSatisfy(id -> assertThat(redis.hget("{order-events}:order:" + id, "v")).isEqualTo("3"));
  }

  private JsonNode state(String id) throws JsonProcessingException {
    String state = redis.hget("{order-events}:order:" + id, "s");
    return JSON.readTree(state == null ? "{}" : state);
  }

  private Map<String, Map<String, Integer>> eventsByOrder() {
    var events = new HashMap<String, Map<String, Integer>>();
    String after = "0-0";
    List<StreamMessage<String, String>> page;
    do {
      page = redis.xrange("order-events", Range.from(Range.Boundary.excluding(after), Range.Boundary.unbounded()),
          Limit.from(1000));
      for (StreamMessage<String, String> entry : page) {
        events.computeIfAbsent(entry.getBody().get("key"), _ -> new HashMap<>())
            .merge(entry.getBody().get("type"), 1, Integer::sum);
        after = entry.getId();
      }
    } while (!page.isEmpty());
    return events;
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
