package dev.tributary.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries that nobody can handle, of every kind: dead letters at once, as they were written, and the next good one goes on. */
class PoisonTest {

  private static final List<String> USERS = Checker.groupsOf("user-events");
  private static final List<String> ORDERS = Checker.groupsOf("order-events");

  @TempDir
  private Path data;

  /** @param groups whose dead letter it becomes */
  private record Poison(String what, String stream, Map<String, String> fields, List<String> groups) {}

  /** In bytes 0 to 255, as Latin-1 has them: that writes what is no UTF-8. */
  private static List<Poison> poisons() {
    var poisons = new ArrayList<Poison>();
    for (String stream : List.of("user-events", "order-events")) {
      List<String> all = Checker.groupsOf(stream);
      poisons.add(new Poison("no event and nothing that stands for one", stream, Map.of("foo", "bar"), all));
      for (String body : List.of("{\"type\":", "", "nonsense", "[]", "\"text\"", "42", "null", "{}", "{\"type\":\"\"}",
          "{\"type\":null}", "{\"type\":7}", "{\"type\":\"order_vanished\",\"orderId\":\"1\"}",
          "{\"type\":\"user_created\",\"type\":\"order_created\"}",
          "{\"type\":\"user_created\",\"name\":\"\u00ff\u00fe\"}",
          "{\"type\":\"x\",\"deep\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
          "{\"type\":\"user_created\",\"name\":\"" + "x".repeat(1 << 20) + "\"}",
          "{\"type\":\"user_created\"} and more")) {
        String shown = body.length() > 40 ? body.substring(0, 40) : body;
        poisons.add(new Poison(shown, stream, Map.of("event", body, "timestamp", "1700000000000"), all));
      }
    }
    poisons.add(ofUser("{\"type\":\"user_created\",\"userId\":{},\"email\":\"a@example.com\"}"));
    poisons.add(ofUser("{\"type\":\"user_created\",\"userId\":\"u-1\",\"email\":[\"a@example.com\"]}"));
    poisons.add(ofUser("{\"type\":\"user_created\",\"userId\":\"u-1\"}"));
    poisons.add(ofUser("{\"type\":\"user_created\",\"userId\":\"u 1\",\"email\":\"a@example.com\"}"));
    poisons.add(ofOrder("payment-processors",
        "{\"type\":\"order_created\",\"orderId\":\"o-1\",\"userId\":\"u-1\",\"total\":{},\"currency\":\"EUR\",\"items\":[]}"));
    poisons.add(ofOrder("payment-processors",
        "{\"type\":\"order_created\",\"orderId\":\"stranger\",\"userId\":\"u-1\",\"total\":\"1.00\",\"currency\":\"EUR\","
            + "\"items\":[{\"sku\":\"A-1\",\"quantity\":1,\"unitPrice\":\"1.00\"}]}"));
    poisons.add(ofOrder("shipping-processors",
        "{\"type\":\"order_paid\",\"orderId\":\"stranger\",\"userId\":\"u-1\",\"amount\":\"1.00\",\"currency\":\"EUR\","
            + "\"paymentId\":\"p-1\"}"));
    return poisons;
  }

  private static Poison ofUser(String body) {
    return new Poison(body, "user-events", Map.of("event", body), USERS);
  }

  private static Poison ofOrder(String group, String body) {
    return new Poison(body, "order-events", Map.of("event", body), ORDERS.stream().filter(group::equals).toList());
  }

  @Test
  void each_is_a_dead_letter_as_it_was_written_and_stops_nothing() throws Exception {
    try (var world = new World(data, Map.of());
        Checker checker = world.checker();
        RedisClient client = RedisClient.create(RedisURI.create(world.redis().url()))) {
      world.startAll("all");
      RedisCommands<String, String> redis = client.connect(RedisCodec.of(StringCodec.UTF8, new StringCodec(ISO_8859_1)))
          .sync();
      List<Poison> poisons = poisons();
      var entries = new ArrayList<String>();
      poisons.forEach(poison -> entries.add(redis.xadd(poison.stream(), poison.fields())));
      world.buy(5, Duration.ZERO);
      world.awaitDrained();
      for (int i = 0; i < poisons.size(); i++) {
        for (String group : Checker.groupsOf(poisons.get(i).stream())) {
          assertLetter(redis, poisons.get(i), entries.get(i), group);
        }
      }
      poisons.stream().map(Poison::stream).distinct().forEach(stream -> {
        Checker.groupsOf(stream).forEach(group -> redis.del("{" + stream + "}:dead:" + group));
      });
      Findings found = checker.examine(world.users(), world.orders());
      Figures.note("poison: " + poisons.size() + " entries, each a dead letter of its groups; " + found.figures());
      assertThat(found).matches(Findings::isNone);
    }
  }

  private static void assertLetter(RedisCommands<String, String> redis, Poison poison, String entry, String group) {
    List<StreamMessage<String, String>> letters = redis
        .xrange("{" + poison.stream() + "}:dead:" + group, Range.unbounded())
        .stream()
        .filter(letter -> entry.equals(letter.getBody().get("entryId")))
        .toList();
    if (!poison.groups().contains(group)) {
      assertThat(letters).as("%s for %s", poison.what(), group).isEmpty();
      return;
    }
    assertThat(letters).as("%s for %s", poison.what(), group).hasSize(1);
    Map<String, String> letter = letters.getFirst().getBody();
    poison.fields().forEach((name, value) -> assertThat(letter.get("raw:" + name)).as(poison.what()).isEqualTo(value));
    assertThat(letter).as(poison.what())
        .containsKeys("reason", "errorClass", "attempts", "firstFailureAt",
            "lastFailureAt");
    assertThat(letter.get("reason")).as(poison.what()).isNotBlank();
    assertThat(letter.get("attempts")).as(poison.what()).isEqualTo(poison.what().contains("stranger") ? "1" : "0");
  }
}
