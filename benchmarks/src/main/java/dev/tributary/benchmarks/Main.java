package dev.tributary.benchmarks;

import dev.tributary.application.DeliverySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures, tells how far it is, and writes the tables and pictures into docs. Arguments: how many rounds (5), a
 * folder to write to (docs), and which parts: start, events, latency, shares, http (all). */
public final class Main {

  private static final int ROUNDS = 5;
  private static final int EVENTS = 20_000;
  /** Of those that await each write, some reach a thousand a second where each waits for the disk. */
  private static final int EVENTS_TO_DISK = 4_000;
  private static final int THREADS = 64;
  private static final int MORE_IN_HAND = 256;
  private static final List<Integer> RATES = List.of(1_000, 5_000);
  private static final Duration AT_EACH_RATE = Duration.ofSeconds(5);

  private final int rounds;
  private final List<String> parts;
  private final Report report;

  private Main(int rounds, Path folder, List<String> parts) {
    this.rounds = rounds;
    this.parts = parts;
    this.report = new Report(folder);
  }

  public static void main(String... arguments) throws Exception {
    Locale.setDefault(Locale.ROOT);
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
    var main = new Main(rounds, Path.of(arguments.length > 1 ? arguments[1] : "docs"),
        List.of(arguments).subList(Math.min(2, arguments.length), arguments.length));
    main.measure();
    main.report.write("benchmarks.md");
    System.exit(0);
  }

  static void say(String words) {
    System.out.println(words);
  }

  private void measure() throws Exception {
    Path directory = Files.createTempDirectory("tributary-benchmarks");
    try (BenchRedis redis = BenchRedis.inMemory(directory)) {
      if (has("start")) {
        new StartBenchmark(redis, rounds, directory).measure(report, Main::say);
      }
      measure(redis, "memory", EVENTS);
    }
    try (BenchRedis redis = BenchRedis.durable(directory)) {
      measure(redis, "always", EVENTS_TO_DISK);
    }
    delete(directory);
  }

  private boolean has(String part) {
    return parts.isEmpty() || parts.contains(part);
  }

  private void measure(BenchRedis redis, String name, int events) throws Exception {
    if (has("events")) {
      contests(redis, name, events);
    }
    if (has("latency")) {
      latencies(redis);
    }
    if (has("shares")) {
      new Shares(redis, rounds, report).measure();
    }
    if (has("http")) {
      new HttpBenchmarks(redis, rounds, report).measure();
    }
  }

  private void contests(BenchRedis redis, String name, int events) throws Exception {
    report.section("Events, " + redis.durability());
    report.paragraph(redis.build());
    hold(redis, publishing(redis, events), "benchmark-publish-" + name + ".svg", "events");
    hold(redis, publishingSingly(redis, events), "benchmark-single-" + name + ".svg", "events");
    hold(redis, consuming(redis, events), "benchmark-consume-" + name + ".svg", "events");
    hold(redis, paying(redis, events), "benchmark-orders-" + name + ".svg", "orders");
  }

  private void hold(BenchRedis redis, Contest contest, String picture, String unit) throws Exception {
    report.contest(contest.name() + " (" + redis.durability() + ")", picture, unit,
        contest.hold(redis, rounds, Main::say));
  }

  private static Contest publishing(BenchRedis redis, int events) {
    var contenders = new ArrayList<>(List.of(Ours.publishingBatches(redis), PlainLettuce.pipelining(redis),
        PlainLettuce.pipeliningFlushedOnce(redis), RedissonStreams.publishing(redis),
        SpringData.publishing(redis)));
    ServerLimit.publishing(redis)
        .ifPresentOrElse(contenders::add, () -> say("redis-benchmark is not on the path, and left out"));
    return new Contest("Publishing, by hundreds", events, contenders);
  }

  private static Contest publishingSingly(BenchRedis redis, int events) {
    return new Contest("Publishing one by one", events, List.of(Ours.publishingSingly(redis, THREADS),
        PlainLettuce.pipelining(redis), PlainLettuce.awaiting(redis, THREADS)));
  }

  private static Contest consuming(BenchRedis redis, int events) {
    return new Contest("Consuming, nothing stored", events,
        List.of(Ours.consuming(redis, DeliverySettings.DEFAULTS.concurrency()),
            PlainLettuce.consuming(redis, Samples.BATCH), Ours.consuming(redis, MORE_IN_HAND),
            RedissonStreams.consuming(redis), SpringData.consuming(redis)));
  }

  private static Contest paying(BenchRedis redis, int events) {
    return new Contest("Paying orders, effectively once", events / 2,
        List.of(Ours.paying(redis, DeliverySettings.DEFAULTS.concurrency()), PlainLettuce.paying(redis, false),
            Ours.paying(redis, MORE_IN_HAND), PlainLettuce.paying(redis, true),
            SpringData.acknowledgingOrders(redis)));
  }

  private void latencies(BenchRedis redis) throws InterruptedException {
    var rows = new ArrayList<List<String>>();
    for (int rate : RATES) {
      var ours = new ArrayList<Latency.Times>();
      var plain = new ArrayList<Latency.Times>();
      for (int round = 1; round <= rounds; round++) {
        ours.add(Latency.ofOurs(redis, rate, AT_EACH_RATE));
        say("%s, latency at %,d/s: round %d: Tributary: %s".formatted(redis.durability(), rate, round,
            ours.getLast()));
        plain.add(Latency.ofPlainLettuce(redis, rate, AT_EACH_RATE));
        say("%s, latency at %,d/s: round %d: Lettuce: %s".formatted(redis.durability(), rate, round, plain.getLast()));
      }
      rows.add(row("Tributary", rate, ours, plain));
      rows.add(row("Lettuce", rate, plain, plain));
    }
    report.section("Latency, " + redis.durability());
    report.paragraph("**From publish to settled (" + redis.durability() + ")**");
    report.table(List.of("", "events/s", "p50 ratio", "p99 ratio", "p50 ms", "spread", "p99 ms", "spread",
        "waiting at the end"), rows);
  }

  private static List<String> row(String name, int rate, List<Latency.Times> times, List<Latency.Times> measure) {
    Spread p50 = Spread.of(times, Latency.Times::p50);
    Spread p99 = Spread.of(times, Latency.Times::p99);
    return List.of(name, "%,d".formatted(rate),
        "**%.2f**".formatted(p50.median() / Spread.of(measure, Latency.Times::p50).median()),
        "**%.2f**".formatted(p99.median() / Spread.of(measure, Latency.Times::p99).median()),
        "%.2f".formatted(p50.median()), "%.2f–%.2f".formatted(p50.least(), p50.most()), "%.2f".formatted(p99.median()),
        "%.2f–%.2f".formatted(p99.least(), p99.most()),
        "%.0f".formatted(Spread.of(times, Latency.Times::backlog).median()));
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
