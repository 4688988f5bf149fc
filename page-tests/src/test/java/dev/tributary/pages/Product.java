package dev.tributary.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The jar that users run, in a process of its own, on a Redis of its own; both can go and come back. */
final class Product implements AutoCloseable {

  static final String TOKEN = "the-token-of-the-page-tests";

  private static final Path JAR = Path.of("..", "bootstrap", "target", "tributary.jar").toAbsolutePath().normalize();
  private static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m",
      "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
  private static final int STARTS_WITHIN_SECONDS = 60;
  private static final JsonMapper JSON = new JsonMapper();

  private final Path data;
  private final int port = freePort();
  private final Services services = new Services();
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private RedisServer redis;
  private Process process;

  Product(Path data) throws Exception {
    this.data = data;
    this.redis = RedisServer.start(RedisServerSettings.in(data));
    this.process = launch();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Process launch() throws Exception {
    var builder = new ProcessBuilder(System.getProperty("java.home") + "/bin/java").redirectErrorStream(true);
    builder.command().addAll(OPTIONS);
    builder.command().addAll(List.of("-jar", JAR.toString()));
    builder.environment().keySet().retainAll(List.of("PATH", "HOME", "TMPDIR", "LANG"));
    builder.environment()
        .putAll(Map.of("PORT", Integer.toString(port), "OPS_TOKEN", TOKEN, "REDIS_URL", redis.url(), "PAYMENTS_URL",
            services.url(), "SHIPPING_URL", services.url(), "LEASE", "2s"));
    // Whatever fails as long as the tests let it is tried again soon, and not given up meanwhile.
    builder.environment()
        .putAll(Map.of("RETRY_BACKOFF", "1s", "RETRY_BACKOFF_MAX", "2s", "MAX_ATTEMPTS", "100"));
    Process started = builder.start();
    var serves = new CompletableFuture<Void>();
    Thread.ofVirtual().start(() -> read(started, serves));
    serves.get(STARTS_WITHIN_SECONDS, TimeUnit.SECONDS);
    return started;
  }

  private static void read(Process process, CompletableFuture<Void> serves) {
    var lines = new StringBuilder();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.append(line).append('\n');
        if (line.contains("/health/ready")) {
          serves.complete(null);
        }
      }
      serves.completeExceptionally(new IllegalStateException("ended before it served: " + lines));
    } catch (IOException e) {
      serves.completeExceptionally(e);
    }
  }

  Services services() {
    return services;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** On the same port, with the same token. */
  void startAgain() throws Exception {
    process = launch();
  }

  void killRedis() throws InterruptedException {
    redis.kill();
  }

  void startRedisAgain() throws Exception {
    redis = RedisServer.start(RedisServerSettings.in(data).onPort(redis.port()));
  }

  /** @return the user's id */
  String register() throws Exception {
    return post("/users", "{\"email\":\"ada-" + System.nanoTime() + "@example.com\",\"name\":\"Ada\"}");
  }

  /** @return the order's id */
  String order() throws Exception {
    return post("/orders", "{\"userId\":\"" + register() + "\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-1\","
        + "\"quantity\":2,\"unitPrice\":\"19.99\"}]}");
  }

  String status(String order) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(url() + "/orders/" + order)).GET()).path("status").textValue();
  }

  private String post(String path, String json) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(url() + path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json))).path("id").textValue();
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    if (answer.statusCode() >= 400) {
      throw new IllegalStateException(answer + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** Of every group. */
  void discardDeadLetters() throws Exception {
    for (JsonNode stream : send(asOperator("/ops/streams").GET())) {
      for (JsonNode group : stream.get("groups")) {
        discard(stream.get("stream").textValue(), group.get("group").textValue());
      }
    }
  }

  private void discard(String stream, String group) throws Exception {
    var ids = new ArrayList<String>();
    send(asOperator("/ops/dead-letters?limit=200&stream=" + stream + "&group=" + group).GET()).get("items")
        .forEach(letter -> ids.add(letter.get("id").textValue()));
    if (!ids.isEmpty()) {
      String body = JSON.writeValueAsString(Map.of("stream", stream, "group", group, "ids", ids));
      send(asOperator("/ops/dead-letters/discard").header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(body)));
    }
  }

  private HttpRequest.Builder asOperator(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path)).header("Authorization", "Bearer " + TOKEN);
  }

  /** @return the entry's id */
  String append(String stream, String event) {
    return inRedis(commands -> commands.xadd(stream, Map.of("event", event)));
  }

  /** As somebody else with access to the same Redis would. */
  <T> T inRedis(Function<RedisCommands<String, String>, T> deed) {
    try (RedisClient redisClient = RedisClient.create(redis.url());
        StatefulRedisConnection<String, String> connection = redisClient.connect()) {
      return deed.apply(connection.sync());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    client.shutdownNow();
    services.close();
    redis.close();
  }
}
