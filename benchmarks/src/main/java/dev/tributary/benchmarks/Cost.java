package dev.tributary.benchmarks;

import dev.tributary.application.DeliverySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * CPU time for each event, ours and the server's, memory only: what a change of the write path did, on a machine that others use too. Writes to the
 * console alone. Arguments: how many rounds (5), how many events a round (60,000), and which parts: batches, singly, consuming, orders (all).
 */
public final class Cost {

  private static final int ROUNDS = 5;
  private static final int EVENTS = 60_000;
  private static final int THREADS = 64;
  private static final int CONCURRENCY = DeliverySettings.DEFAULTS.concurrency();
  private static final Map<String, Function<BenchRedis, List<Contender>>> PARTS = Map.of(
      "batches", redis -> List.of(Ours.publishingBatches(redis), PlainLettuce.pipelining(redis)),
      "singly", redis -> List.of(Ours.publishingSingly(redis, THREADS), PlainLettuce.pipelining(redis)),
      "consuming", redis -> List.of(Ours.consuming(redis, CONCURRENCY), PlainLettuce.consuming(redis, Samples.BATCH)),
      "orders", redis -> List.of(Ours.paying(redis, CONCURRENCY), PlainLettuce.paying(redis, false)));

  private Cost() {}

  public static void main(String... arguments) throws Exception {
    Locale.setDefault(Locale.ROOT);
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ROUNDS;
    int events = arguments.length > 1 ? Integer.parseInt(arguments[1]) : EVENTS;
    List<String> parts = arguments.length > 2
        ? List.of(arguments).subList(2, arguments.length)
        : PARTS.keySet().stream().sorted().toList();
    Path directory = Files.createTempDirectory("tributary-cost");
    try (BenchRedis redis = BenchRedis.inMemory(directory)) {
      for (String part : parts) {
        tell(part, new Contest(part, events, contenders(part, redis)).hold(redis, rounds, _ -> {}));
      }
    }
    delete(directory);
    System.exit(0);
  }

  private static List<Contender> contenders(String part, BenchRedis redis) {
    Function<BenchRedis, List<Contender>> known = PARTS.get(part);
    if (known == null) {
      throw new IllegalArgumentException("no part " + part + ", but " + PARTS.keySet());
    }
    return known.apply(redis);
  }

  private static void tell(String part, Map<String, List<Run>> runs) {
    runs.forEach((name, measured) -> Main.say("%-9s  %-45s  here %s  redis-server %s  %,9.0f/s".formatted(part, name,
        micros(Spread.of(measured, Run::ownCpu)), micros(Spread.of(measured, Run::redisCpu)),
        Spread.of(measured, Run::perSecond).median())));
  }

  private static String micros(Spread cost) {
    return "%5.1f (%.1f–%.1f) µs".formatted(cost.median(), cost.least(), cost.most());
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
