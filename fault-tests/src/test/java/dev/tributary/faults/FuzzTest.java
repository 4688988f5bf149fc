package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are almost right, of every kind: each is answered in the product's own words or cut off, and leaves no trace beyond what it made. */
class FuzzTest {

  private static final int REQUESTS = 10_000;
  private static final int THREADS = 8;
  private static final int PATIENCE_MS = 20_000;
  /**
   * What the protocol itself asks to be answered with a number from 500 on: a version of HTTP, or an encoding, that nobody knows. And what a store
   * is answered with that was too slow, on a busy machine.
   */
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-4]\\d\\d|501|503|505) .*", Pattern.DOTALL);
  private static final Pattern INTERNALS = Pattern.compile(
      "(?i)exception|\\tat |jetty|javalin|jackson|lettuce|dev\\.tributary|java\\.|WRONGTYPE|NOSCRIPT|<html");
  /** As docs/streams.md lists them, with ids as they are encoded. */
  private static final Pattern KEY = Pattern
      .compile("(user|order)-events|tributary:(audit|partitions|members:order-events:[a-z-]+)"
          + "|\\{user-events}:(user|email|welcome|user-receipt):[A-Za-z0-9_.@+%-]{1,800}"
          + "|\\{order-events}:(order|orders-of|order-receipt):[A-Za-z0-9_-]{1,64}"
          + "|\\{(user|order)-events}:(requests|published|(handled|retry|due|dead|consumers|checkpoint|lease|former|parked):[a-z-]+)");
  private static final List<String> VALUES = List.of("null", "true", "0", "-1", "1e999", "1E-400", "0x1", "NaN",
      "99999999999999999999999", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"{order-events}:order:1\"", "\"a\\r\\nX: y\"",
      "\"%0d%0a\"", "\"*\"", "[]", "{}", "[[[[[[]]]]]]", "[".repeat(200), "\"" + "x".repeat(5000) + "\"",
      "\"\u00e9\u4e2d\"",
      "{\"__proto__\":1}", "\"../../etc\"", "\"'; FLUSHALL\"", "\"0.000000001\"", "\"1e5\"", "\"\u0661\"",
      "{\"$ref\":\"#\"}");

  @TempDir
  private Path data;

  @Test
  void almost_right_requests_do_no_harm() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime() % 1_000_000);
    Figures.note("fuzzing, seed " + seed);
    try (var world = new World(data, Map.of("OPS_TOKEN", "operators-only"))) {
      world.startAll("all");
      AppProcess app = world.apps().getFirst();
      String user = world.shop().register(app.url(), "ada@example.com").id();
      String order = world.shop().order(app.url(), user).id();

      List<String> answers = bombard(URI.create(app.url()).getPort(), seed, samples(user, order));

      assertThat(answers).hasSize(REQUESTS).allSatisfy(FuzzTest::assertHarmless);
      assertThat(answers).as("answered").filteredOn(answer -> !answer.isEmpty()).hasSizeGreaterThan(REQUESTS * 3 / 4);
      assertThat(answers).as("refused for the store's sake")
          .filteredOn(answer -> answer.startsWith("HTTP/1.1 503"))
          .hasSizeLessThan(REQUESTS / 100);
      Figures.note("fuzzing: " + answers.size() + " requests, answered "
          + answers.stream().filter(answer -> !answer.isEmpty()).count() + ", of these 201 "
          + answers.stream().filter(answer -> answer.startsWith("HTTP/1.1 201")).count());
      assertThat(app.isAlive()).isTrue();
      assertThat(app.lines()).noneMatch(line -> line.contains("ERROR") || line.contains("\tat "));
      world.awaitDrained();
      try (Checker checker = world.checker()) {
        assertThat(checker.redis().keys("*")).allMatch(key -> KEY.matcher(key).matches());
        assertThat(checker.examine(world.users(), world.orders())).matches(Findings::isNone);
      }
      assertThat(world.shop().register(app.url(), "eve@example.com").status()).isEqualTo(201);
    }
  }

  private static List<String> samples(String user, String order) {
    String registration = "{\"email\":\"NUMBER@example.com\",\"name\":\"Ada\"}";
    String purchase = "{\"userId\":\"" + user
        + "\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-1\",\"quantity\":2,\"unitPrice\":\"19.99\"}]}";
    String redrive = "{\"stream\":\"order-events\",\"group\":\"payment-processors\",\"ids\":[\"1-1\"],\"dryRun\":true}";
    return List.of(post("/users", "Idempotency-Key: NUMBER", registration), post("/users", "X: y", registration),
        post("/orders", "Idempotency-Key: NUMBER", purchase), post("/orders", "Accept: */*", purchase),
        post("/ops/dead-letters/redrive", "Authorization: Bearer operators-only", redrive),
        get("/users/" + user), get("/users/" + user + "/orders?limit=2&after=x"), get("/orders/" + order),
        get("/health/ready"), get("/ops/streams/order-events/entries?limit=3&after=1-1"),
        get("/ops/dead-letters?stream=order-events&group=payment-processors"), get("/ops/lives/" + order));
  }

  private static String post(String path, String header, String body) {
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + header
        + "\r\nContent-Length: LENGTH\r\n\r\n" + body;
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer operators-only\r\n\r\n";
  }

  private static List<String> bombard(int port, long seed, List<String> samples) throws Exception {
    var tasks = new ArrayList<Callable<String>>();
    for (int i = 0; i < REQUESTS; i++) {
      int number = i;
      tasks.add(() -> send(port, mutated(samples, number, new Random(seed * REQUESTS + number))));
    }
    var answers = new ArrayList<String>();
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      for (Future<String> answer : threads.invokeAll(tasks)) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  /** Mostly the length still fits what follows, so that more than the server's own parser is tried. */
  private static byte[] mutated(List<String> samples, int number, Random random) {
    String sample = samples.get(random.nextInt(samples.size())).replace("NUMBER", "n" + number);
    int split = sample.indexOf("\r\n\r\n") + 4;
    String head = sample.substring(0, split);
    String body = sample.substring(split);
    if (!body.isEmpty() && random.nextInt(4) > 0) {
      for (int i = random.nextInt(3); i >= 0 && !body.isEmpty(); i--) {
        body = random.nextBoolean() ? withOtherValue(body, random) : garbled(body, random);
      }
    } else {
      head = garbled(head, random);
    }
    byte[] bytes = body.getBytes(random.nextInt(20) == 0 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream();
    out.writeBytes(head.replace("LENGTH", Integer.toString(bytes.length)).getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(bytes);
    return out.toByteArray();
  }

  /** In place of something between two of JSON's own marks. */
  private static String withOtherValue(String json, Random random) {
    int from = nextMark(json, random.nextInt(json.length()));
    int to = nextMark(json, from + 1);
    return json.substring(0, Math.min(from + 1, json.length())) + VALUES.get(random.nextInt(VALUES.size()))
        + json.substring(Math.min(to, json.length()));
  }

  private static int nextMark(String json, int from) {
    int at = from;
    while (at < json.length() && ":,[]{}".indexOf(json.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  private static String garbled(String text, Random random) {
    int at = random.nextInt(text.length());
    int to = Math.min(text.length(), at + 1 + random.nextInt(8));
    String some = text.substring(at, to);
    return switch (random.nextInt(7)) {
      case 0 -> text.substring(0, at) + text.substring(to);
      case 1 -> text.substring(0, at) + some.repeat(2 + random.nextInt(4)) + text.substring(to);
      case 2 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at);
      case 3 -> text.substring(0, at) + "\r\n" + text.substring(at);
      case 4 -> text.substring(0, at) + "%" + Integer.toHexString(random.nextInt(256)) + text.substring(to);
      case 5 ->
        text.substring(0, at) + List.of("..%2f", "//", ";x=", "{}", "\0", "*", "x".repeat(9000)).get(random.nextInt(7))
            + text.substring(to);
      default -> text.substring(0, at);
    };
  }

  /**
   * Ends what it sends, so that the server waits for nothing.
   *
   * @return what came back, empty if the connection was cut
   */
  private static String send(int port, byte[] request) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(request);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketTimeoutException e) {
      throw new IllegalStateException("no answer within " + Duration.ofMillis(PATIENCE_MS) + " to "
          + new String(request, StandardCharsets.UTF_8), e);
    } catch (IOException _) {
      return "";
    }
  }

  private static void assertHarmless(String answer) {
    assertThat(answer).satisfiesAnyOf(none -> assertThat(none).isEmpty(),
        some -> assertThat(some).matches(STATUS).doesNotContainPattern(INTERNALS));
  }
}
