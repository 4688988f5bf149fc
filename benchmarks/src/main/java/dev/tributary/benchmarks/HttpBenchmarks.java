package dev.tributary.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The packaged jar as a process of its own, and its orders until they are shipped; beside it a bare server. */
final class HttpBenchmarks {

  private static final int CONNECTIONS = 32;
  private static final int REQUESTS = 8_000;
  /** Rounds that are not counted: for so long the JVM compiles, on the same processors. */
  private static final int WARMING_UP = 4;
  private static final int ORDERS = 1_000;
  private static final String BARE = "bare Javalin and Lettuce, POST /users";
  private static final Duration SHIPPED_WITHIN = Duration.ofMinutes(2);

  private final BenchRedis redis;
  private final int rounds;
  private final Report report;

  /** Microseconds of the server's process and of redis-server, for each request. */
  private record Answered(HttpLoad.Times times, double appCpu, double redisCpu, double waiting) {}

  HttpBenchmarks(BenchRedis redis, int rounds, Report report) {
    this.redis = redis;
    this.rounds = rounds;
    this.report = report;
  }

  void measure() throws Exception {
    redis.empty();
    try (App product = App.product(redis, StartBenchmark.FLAGS);
        App bare = App.bare(redis, StartBenchmark.FLAGS)) {
      Optional<App> express = App.express(redis);
      try {
        compare(product, bare, express);
      } finally {
        if (express.isPresent()) {
          express.get().close();
        }
      }
      perOrder(product, CONNECTIONS);
      perOrder(product, 1);
    }
  }

  private interface Load {
    Answered run(int round) throws Exception;
  }

  private void compare(App product, App bare, Optional<App> express) throws Exception {
    var loads = new LinkedHashMap<String, Load>();
    loads.put("Tributary, POST /users", round -> users(product, round));
    loads.put("Tributary, POST /orders", _ -> orders(product));
    loads.put(BARE, round -> users(bare, round));
    if (express.isPresent()) {
      loads.put("Express and node-redis, POST /users", round -> users(express.get(), round));
      loads.put("Express and node-redis, POST /orders", _ -> orders(express.get()));
    } else {
      Main.say("node and npm are not on the path, or its libraries not to be had: Express is left out");
    }
    var answered = new LinkedHashMap<String, List<Answered>>();
    for (int round = 1 - WARMING_UP; round <= rounds; round++) {
      for (Map.Entry<String, Load> load : loads.entrySet()) {
        Answered now = load.getValue().run(round);
        Main.say("%s, HTTP: round %d: %s: %s".formatted(redis.durability(), round, load.getKey(), now.times()));
        if (round > 0) {
          answered.computeIfAbsent(load.getKey(), _ -> new ArrayList<>()).add(now);
        }
      }
    }
    List<Answered> measure = answered.getOrDefault(BARE, List.of());
    report.section("HTTP over " + CONNECTIONS + " connections, " + redis.durability());
    report.table(
        List.of("", "ratio", "requests/s", "spread", "p50 ms", "p99 ms", "CPU µs of the server",
            "CPU µs in redis-server", "events waiting at the end"),
        answered.entrySet().stream().map(each -> row(each.getKey(), each.getValue(), measure)).toList());
    report.paragraph("Resident after this load: Tributary %.0f MB, bare %.0f MB.".formatted(
        product.residentMegabytes(), bare.residentMegabytes()));
  }

  private Answered users(App app, int round) throws Exception {
    return load(app, "/users", i -> "{\"email\":\"ada" + round + "." + i + "@example.com\",\"name\":\"Ada\"}");
  }

  private Answered orders(App app) throws Exception {
    String order = order(app);
    return load(app, "/orders", _ -> order);
  }

  /** The body of an order of a new user. */
  static String order(App app) throws Exception {
    String user = Wire.tree(HttpLoad
        .post(app.port(), "/users", 1, 1, _ -> "{\"email\":\"buyer" + System.nanoTime() + "@example.com\"}")
        .last()).get("id").textValue();
    return "{\"userId\":\"" + user
        + "\",\"currency\":\"EUR\",\"items\":[{\"sku\":\"A-1\",\"quantity\":2,\"unitPrice\":\"19.99\"}]}";
  }

  private Answered load(App app, String path, java.util.function.IntFunction<String> body) throws Exception {
    double appBefore = app.cpuMicros();
    double redisBefore = redis.cpuMicros();
    HttpLoad.Times times = HttpLoad.post(app.port(), path, CONNECTIONS, REQUESTS, body);
    double waiting = redis.unsettled();
    var answered = new Answered(times, (app.cpuMicros() - appBefore) / REQUESTS,
        (redis.cpuMicros() - redisBefore) / REQUESTS, waiting);
    awaitSettled();
    return answered;
  }

  private void awaitSettled() throws InterruptedException {
    awaitSettled(redis, SHIPPED_WITHIN);
  }

  /** @throws IllegalStateException if it takes longer */
  static void awaitSettled(BenchRedis redis, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (redis.unsettled() > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not all is settled within " + atMost);
      }
      Thread.sleep(50);
    }
  }

  private static List<String> row(String name, List<Answered> answered, List<Answered> measure) {
    Spread rate = Spread.of(answered, each -> each.times().perSecond());
    return List.of(name,
        "**%.2f**".formatted(rate.median() / Spread.of(measure, each -> each.times().perSecond()).median()),
        "%,.0f".formatted(rate.median()), "%,.0f–%,.0f".formatted(rate.least(), rate.most()),
        "%.2f".formatted(Spread.of(answered, each -> each.times().p50()).median()),
        "%.2f".formatted(Spread.of(answered, each -> each.times().p99()).median()),
        "%.0f".formatted(Spread.of(answered, Answered::appCpu).median()),
        "%.0f".formatted(Spread.of(answered, Answered::redisCpu).median()),
        "%.0f".formatted(Spread.of(answered, Answered::waiting).median()));
  }

  /** From POST to shipped. */
  private void perOrder(App app, int connections) throws Exception {
    String order = order(app);
    awaitSettled();
    double appBefore = app.cpuMicros();
    double redisBefore = redis.cpuMicros();
    redis.resetCounters();
    var _ = HttpLoad.post(app.port(), "/orders", connections, ORDERS, _ -> order);
    awaitSettled();
    Map<String, BenchRedis.Command> commands = redis.commands();
    long bytesIn = redis.bytesIn();
    long bytesOut = redis.bytesOut();
    Main.say("%s, one order, %d connections: %s".formatted(redis.durability(), connections, commands));
    report.paragraph(("**One order from POST to shipped, %,d orders over %d connection%s (%s)**: "
        + "%.0f µs CPU of the server, %.0f µs in redis-server, %,d bytes to Redis, %,d from it.").formatted(ORDERS,
            connections,
            connections == 1 ? "" : "s", redis.durability(), (app.cpuMicros() - appBefore) / ORDERS,
            (redis.cpuMicros() - redisBefore) / ORDERS, bytesIn / ORDERS, bytesOut / ORDERS));
    report.table(List.of("command", "calls an order", "µs an order"),
        commands.entrySet()
            .stream()
            .filter(each -> each.getValue().calls() > ORDERS / 10)
            .sorted(Comparator.comparingLong(each -> -each.getValue().micros()))
            .map(each -> List.of("`" + each.getKey() + "`", "%.2f".formatted(each.getValue().calls() / (double) ORDERS),
                "%.1f".formatted(each.getValue().micros() / (double) ORDERS)))
            .toList());
  }

}
