package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see and do: of a Redis that holds very much, in a process that has 256 MB; and of one that is away. */
class OpsTest {

  private static final String TOKEN = "operators-only";
  private static final String TARGET = "\"stream\":\"order-events\",\"group\":\"payment-processors\"";
  private static final List<String> READS = List.of("/ops/streams", "/ops/streams/order-events/entries?limit=200",
      "/ops/streams/order-events/groups/payment-processors/pending?limit=200",
      "/ops/dead-letters?stream=order-events&group=payment-processors&limit=200", "/ops/doctor", "/ops/audit",
      "/ops/history", "/ops/lives/some-order", "/metrics");

  /** Entries from ARGV[1] on, ARGV[2] of them, a second apart for each 300. */
  private static final String ADD = """
      local base = 1700000000000
      for n = ARGV[1], ARGV[1] + ARGV[2] - 1 do
        redis.call('XADD', 'order-events', string.format('%.0f-%d', base + math.floor(n / 300) * 1000, n % 300 + 1),
          'id', '00000000-0000-7000-8000-' .. string.format('%012d', n), 'type', 'order_created', 'key', 'order-' .. n,
          'timestamp', '1700000000000', 'event', '{"type":"order_created","orderId":"order-' .. n .. '"}')
      end""";

  /** Of the first ARGV[1] that are pending makes dead letters, half of them of class A; of the next as many retries in the far future. */
  private static final String GIVE_UP = """
      local stream, group, count = 'order-events', 'payment-processors', tonumber(ARGV[1])
      for i, entry in ipairs(redis.call('XPENDING', stream, group, '-', '+', 2 * count)) do
        if i <= count then
          redis.call('XACK', stream, group, entry[1])
          redis.call('XADD', '{order-events}:dead:' .. group, '*', 'entryId', entry[1], 'reason', 'no', 'errorClass',
            i % 2 == 0 and 'A' or 'B', 'attempts', '5', 'firstFailureAt', '1', 'lastFailureAt', '2',
            'raw:type', 'order_created', 'raw:event', '{}')
        else
          redis.call('HSET', '{order-events}:retry:' .. group, entry[1], '2:1000')
          redis.call('ZADD', '{order-events}:due:' .. group, 4e12, entry[1])
        end
      end""";

  @TempDir
  private Path data;

  private final HttpClient client = HttpClient.newHttpClient();
  private RedisServer server;
  private AppProcess app;

  @BeforeEach
  void start() throws Exception {
    server = RedisServer.start(RedisServerSettings.in(data));
    app = AppProcess.start(Map.of("REDIS_URL", server.url(), "ROLES", "http", "OPS_TOKEN", TOKEN));
    app.url();
  }

  @AfterEach
  void stop() {
    client.close();
    app.close();
    server.close();
    assertThat(app.lines()).noneMatch(line -> line.contains(TOKEN));
  }

  @Test
  void a_million_entries_are_looked_at_in_bounded_time_and_memory() throws Exception {
    RedisClient loader = RedisClient.create(server.url());
    try (var connection = loader.connect()) {
      RedisCommands<String, String> redis = connection.sync();
      // What is loaded need not outlive this test.
      redis.configSet("appendonly", "no");
      fill(redis);
      redis.configSet("slowlog-log-slower-than", "200000");
      redis.slowlogReset();
      Map<String, Duration> fastest = new HashMap<>();
      for (int round = 0; round < 3; round++) {
        for (String path : READS) {
          long from = System.nanoTime();
          assertThat(get(path).statusCode()).as(path).isEqualTo(200);
          fastest.merge(path, Duration.ofNanos(System.nanoTime() - from),
              (one, other) -> one.compareTo(other) < 0 ? one : other);
        }
      }
      assertThat(fastest).allSatisfy((path, took) -> assertThat(took).as(path).isLessThan(Duration.ofSeconds(5)));
      JsonNode group = json(get("/ops/streams")).get(0).get("groups").get(0);
      assertThat(group.get("pending").longValue()).isEqualTo(200_000);
      assertThat(group.get("retrying").longValue()).isEqualTo(12_000);
      assertThat(group.get("deadLetters").longValue()).isEqualTo(12_000);
      // One was deleted, so Redis knows none; it is 787,999, and what was read tells it but for the one.
      assertThat(group.get("lag").longValue()).isBetween(787_999L, 788_000L);
      assertThat(group.get("consumers")).hasSize(100);
      deadLettersInSteps();
      // Names scripts by their digest: what is here held up everybody for more than 200 ms.
      assertThat(slowAgain(redis.slowlogGet(128))).isEmpty();
    } finally {
      loader.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
  }

  /** Once is what a machine that stands still does to any command; all that is looked at here is looked at several times. */
  private static Set<String> slowAgain(List<Object> slowlog) {
    var seen = new HashSet<String>();
    return slowlog.stream().map(OpsTest::command).filter(command -> !seen.add(command)).collect(Collectors.toSet());
  }

  private static String command(Object logged) {
    var words = (List<?>) ((List<?>) logged).get(3);
    return String.valueOf(words.subList(0, Math.min(2, words.size())));
  }

  private void deadLettersInSteps() throws Exception {
    String classA = "{" + TARGET + ",\"filter\":{\"errorClass\":\"A\"},\"perSecond\":10000%s}";
    assertThat(redrive(classA.formatted(",\"dryRun\":true")))
        .isEqualTo("{\"matched\":6000,\"redriven\":0,\"dryRun\":true}");
    assertThat(redrive(classA.formatted(""))).isEqualTo("{\"matched\":6000,\"redriven\":6000,\"dryRun\":false}");
    assertThat(redrive(classA.formatted(""))).isEqualTo("{\"matched\":0,\"redriven\":0,\"dryRun\":false}");
    int pages = 0;
    var ids = new ArrayList<String>();
    String next = "";
    while (next != null) {
      JsonNode page = json(
          get("/ops/dead-letters?stream=order-events&group=payment-processors&limit=200&after=" + next));
      page.get("items").forEach(letter -> ids.add(letter.get("id").textValue()));
      next = page.get("next").textValue();
      pages++;
    }
    assertThat(ids).hasSize(6_000).doesNotHaveDuplicates();
    assertThat(pages).isEqualTo(30);
    String thousand = "{" + TARGET + ",\"ids\":[\"" + String.join("\",\"", ids.subList(0, 1000)) + "\"]}";
    assertThat(post("/ops/dead-letters/discard", thousand).body()).isEqualTo("{\"discarded\":1000}");
    assertThat(post("/ops/dead-letters/discard", thousand).body()).isEqualTo("{\"discarded\":0}");
    assertThat(json(get("/ops/audit")).get("items")).hasSize(4);
  }

  private String redrive(String order) throws Exception {
    return post("/ops/dead-letters/redrive", order).body();
  }

  @SuppressWarnings("unchecked")
  private static void fill(RedisCommands<String, String> redis) {
    for (int from = 0; from < 1_000_000; from += 50_000) {
      redis.eval(ADD, ScriptOutputType.STATUS, new String[0], Integer.toString(from), "50000");
    }
    redis.xgroupCreate(XReadArgs.StreamOffset.from("order-events", "0"), "payment-processors");
    for (int i = 0; i < 212; i++) {
      String consumer = "consumer-" + i % 100;
      var _ = redis.xreadgroup(Consumer.from("payment-processors", consumer),
          XReadArgs.Builder.count(1000),
          XReadArgs.StreamOffset.lastConsumed("order-events"));
    }
    redis.eval(GIVE_UP, ScriptOutputType.STATUS, new String[0], "12000");
    redis.xdel("order-events",
        redis.xrevrange("order-events", Range.unbounded(), Limit.from(1))
            .getFirst()
            .getId());
  }

  @Test
  void whole_pages_of_very_large_letters_are_shown_in_parts() throws Exception {
    RedisClient loader = RedisClient.create(server.url());
    try (var connection = loader.connect()) {
      String large = "x".repeat(2_000_000);
      for (int i = 0; i < 80; i++) {
        connection.sync()
            .xadd("{order-events}:dead:payment-processors", Map.of("entryId", "1-" + i, "raw:event", large));
        connection.sync().xadd("order-events", Map.of("event", large));
      }
    } finally {
      loader.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
    assertThat(all("/ops/dead-letters?stream=order-events&group=payment-processors&limit=200")).isEqualTo(80);
    assertThat(all("/ops/streams/order-events/entries?limit=200")).isEqualTo(80);
    assertThat(redrive("{" + TARGET + ",\"filter\":{\"errorClass\":\"A\"},\"dryRun\":true}"))
        .isEqualTo("{\"matched\":0,\"redriven\":0,\"dryRun\":true}");
  }

  private int all(String path) throws Exception {
    int count = 0;
    String next = "";
    while (next != null) {
      JsonNode page = json(get(path + "&after=" + next));
      count += page.get("items").size();
      next = page.get("next").textValue();
    }
    return count;
  }

  @Test
  void while_redis_is_away_every_call_says_so_and_nothing_of_redis() throws Exception {
    server.kill();
    Stream<String> away = READS.stream()
        .filter(path -> !List.of("/ops/history", "/ops/doctor", "/metrics").contains(path));
    for (String path : Stream.concat(away, Stream.of("/ops/streams/order-events/tail", "/health/ready")).toList()) {
      assertAway(path, get(path));
    }
    for (String which : List.of("\"ids\":[\"1-1\"]", "\"filter\":{}", "\"filter\":{},\"dryRun\":true")) {
      assertAway(which, post("/ops/dead-letters/redrive", "{" + TARGET + "," + which + "}"));
    }
    assertAway("discard", post("/ops/dead-letters/discard", "{" + TARGET + ",\"ids\":[\"1-1\"]}"));
    assertThat(get("/ops/history").statusCode()).isEqualTo(200);
    assertThat(json(get("/ops/doctor")).get("findings")).isNotEmpty();
    assertThat(get("/metrics").body()).contains("tributary_store_up 0.0")
        .containsPattern("tributary_store_errors_total\\{reason=\"unreachable\"} [1-9]");
    // The store could not be told of what was tried: the log was.
    assertThat(app.lines()).anySatisfy(line -> assertThat(line).contains("ERROR", "127.0.0.1 by token: redrive",
        "the audit log could not be written"));
  }

  private static void assertAway(String what, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(what).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).as(what).isPresent();
    assertThat(answer.headers().firstValue("content-type")).as(what).contains("application/problem+json");
    assertThat(answer.body()).as(what).doesNotContain("lettuce", "Exception", "127.0.0.1", "NOGROUP", "evalsha");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpResponse<String> post(String path, String json) throws Exception {
    return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder request(String path) throws Exception {
    return HttpRequest.newBuilder(URI.create(app.url() + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + TOKEN);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }
}
