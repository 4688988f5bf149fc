package dev.tributary.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What one order costs from POST to shipped: commands, bytes, CPU, memory and disk. Argument: a folder to write to (docs). Needs the packaged jar.
 */
public final class OrderCost {

  private static final int WARM_UP = 6_000;
  private static final int ORDERS = 2_000;
  private static final List<Integer> CONNECTIONS = List.of(1, 32);
  private static final Duration SHIPPED_WITHIN = Duration.ofMinutes(2);

  /** Why each command is there, of one order's three events, two groups and three states. */
  private static final Map<String, String> REASONS = Map.ofEntries(
      Map.entry("evalsha",
          "commits the requests that have gathered for a partition; settles what has gathered of a group; checks what was read for a group that keeps order; once a second looks for what others left"),
      Map.entry("xreadgroup",
          "one call for a batch of deliveries of a group; two groups"),
      Map.entry("xadd", "the three events: created, paid, shipped"),
      Map.entry("xpending",
          "the fence: are a batch's deliveries still ours, and does anybody else hold some; two groups"),
      Map.entry("xack", "a batch's deliveries: two groups × three, of which two are handled and four passed over"),
      Map.entry("zadd", "the marks of a batch's causes, and the user's list of orders"),
      Map.entry("zmscore", "were a batch's causes handled before"),
      Map.entry("hset", "the three states of the order"),
      Map.entry("hget", "the version that guards each of the three states"),
      Map.entry("hmget",
          "loads: the user at POST, the order for its payment and for its shipment; and whose the partition is, once a script"),
      Map.entry("zcard", "is the user's list a list: before the first write, since Redis rolls nothing back"),
      Map.entry("zrange", "which retries are due: one a second for each group"),
      Map.entry("time", "the server's clock, once a script"));

  private final BenchRedis redis;
  private final App app;
  private final Report report;

  private OrderCost(BenchRedis redis, App app, Report report) {
    this.redis = redis;
    this.app = app;
    this.report = report;
  }

  public static void main(String... arguments) throws Exception {
    Locale.setDefault(Locale.ROOT);
    var report = new Report(Path.of(arguments.length > 0 ? arguments[0] : "docs"));
    Path directory = Files.createTempDirectory("tributary-order");
    try (BenchRedis redis = BenchRedis.durable(directory); App app = App.product(redis, StartBenchmark.FLAGS)) {
      new OrderCost(redis, app, report).measure();
    }
    report.write("sizing.md");
    System.exit(0);
  }

  private void measure() throws Exception {
    String order = HttpBenchmarks.order(app);
    place(order, 32, WARM_UP);
    for (int connections : CONNECTIONS) {
      count(order, connections);
    }
    memory();
  }

  private void place(String order, int connections, int orders) throws Exception {
    var _ = HttpLoad.post(app.port(), "/orders", connections, orders, _ -> order);
    HttpBenchmarks.awaitSettled(redis, SHIPPED_WITHIN);
  }

  private void count(String order, int connections) throws Exception {
    double appBefore = app.cpuMicros();
    double redisBefore = redis.cpuMicros();
    long diskBefore = redis.appendOnlyBytes();
    redis.resetCounters();
    place(order, connections, ORDERS);
    Map<String, BenchRedis.Command> commands = redis.commands();
    String words = ("**%,d orders over %d connection%s (%s)**: %.0f µs CPU of the server, %.0f µs in redis-server, "
        + "%,d bytes to Redis, %,d from it, %,d bytes of AOF, for each order.").formatted(ORDERS, connections,
            connections == 1 ? "" : "s", redis.durability(), (app.cpuMicros() - appBefore) / ORDERS,
            (redis.cpuMicros() - redisBefore) / ORDERS, redis.bytesIn() / ORDERS, redis.bytesOut() / ORDERS,
            (redis.appendOnlyBytes() - diskBefore) / ORDERS);
    Main.say(words);
    report.subsection("One order, " + connections + (connections == 1 ? " connection" : " connections"));
    report.paragraph(words);
    report.table(List.of("command", "calls an order", "µs an order", "what for"),
        commands.entrySet()
            .stream()
            .filter(each -> each.getValue().calls() > ORDERS / 10)
            .sorted(Comparator.comparingLong(each -> -each.getValue().micros()))
            .map(each -> List.of("`" + each.getKey() + "`",
                "%.2f".formatted(each.getValue().calls() / (double) ORDERS),
                "%.1f".formatted(each.getValue().micros() / (double) ORDERS),
                REASONS.getOrDefault(each.getKey(), "**not known**")))
            .toList());
  }

  private void memory() {
    int orders = WARM_UP + ORDERS * CONNECTIONS.size();
    Map<String, Memory.Kind> kinds = Memory.of(redis);
    double all = kinds.values().stream().mapToDouble(Memory.Kind::bytes).sum();
    report.subsection("What one order leaves");
    report.paragraph("By `MEMORY USAGE`, after %,d orders of one user: %.0f bytes for each.".formatted(orders,
        all / orders));
    report.table(List.of("key", "keys", "bytes an order"),
        kinds.entrySet()
            .stream()
            .filter(kind -> kind.getValue().bytes() / orders >= 1)
            .sorted(Comparator.comparingDouble(kind -> -kind.getValue().bytes()))
            .map(kind -> List.of("`" + kind.getKey() + "`", "%,d".formatted(kind.getValue().keys()),
                "%.0f".formatted(kind.getValue().bytes() / orders)))
            .toList());
  }
}
