package dev.tributary.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** From the start of a process to its first answer, and its memory while it does nothing. */
final class StartBenchmark {

  /** As ./run has them. */
  static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:MaxNewSize=48m",
      "-XX:+UseCompactObjectHeaders",
      "-XX:TrimNativeHeapInterval=2000");

  private static final Duration IDLE = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(2);
  private static final double NANOS_PER_SECOND = 1e9;

  private final BenchRedis redis;
  private final int rounds;
  private final Path directory;

  /** Starts a server with flags of the JVM. */
  private interface Starter {
    App start(List<String> flags) throws IOException;
  }

  private record Started(double seconds, double megabytes) {}

  StartBenchmark(BenchRedis redis, int rounds, Path directory) {
    this.redis = redis;
    this.rounds = rounds;
    this.directory = directory;
  }

  void measure(Report report, Consumer<String> progress) throws Exception {
    Starter product = flags -> App.product(redis, flags);
    Starter bare = flags -> App.bare(redis, flags);
    List<String> productCache = trained("product", product);
    List<String> bareCache = trained("bare", bare);
    var starts = new LinkedHashMap<String, List<Started>>();
    for (int round = 1; round <= rounds; round++) {
      add(starts, "Tributary as ./run starts it, from its AOT cache", product, productCache);
      add(starts, "bare Javalin and Lettuce, from an AOT cache", bare, bareCache);
      add(starts, "Tributary with the flags of ./run, without a cache", product, FLAGS);
      add(starts, "bare Javalin and Lettuce, with these flags", bare, FLAGS);
      add(starts, "Tributary without flags", product, List.of());
      progress.accept("start: round %d of %d: %s".formatted(round, rounds, starts));
    }
    report.section("Start");
    report.table(List.of("", "s to the first answer", "spread", "MB resident, idle"),
        starts.entrySet().stream().map(StartBenchmark::row).toList());
  }

  /** Options that use the cache which one run has left. */
  private List<String> trained(String name, Starter starter) throws Exception {
    Path cache = directory.resolve(name + ".aot");
    try (App app = starter.start(with("-XX:AOTCacheOutput=" + cache))) {
      awaitAnswer(app);
    }
    if (!Files.exists(cache)) {
      throw new IOException("no AOT cache of " + name);
    }
    return with("-XX:AOTCache=" + cache);
  }

  private static List<String> with(String flag) {
    return Stream.concat(FLAGS.stream(), Stream.of(flag)).toList();
  }

  private static void add(Map<String, List<Started>> starts, String name, Starter starter, List<String> flags)
      throws Exception {
    long begun = System.nanoTime();
    try (App app = starter.start(flags)) {
      awaitAnswer(app);
      double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
      Thread.sleep(IDLE);
      starts.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Started(seconds, app.residentMegabytes()));
    }
  }

  private static void awaitAnswer(App app) throws Exception {
    while (!HttpLoad.isReady(app.port())) {
      Thread.sleep(POLL);
    }
  }

  private static List<String> row(Map.Entry<String, List<Started>> start) {
    Spread seconds = Spread.of(start.getValue(), Started::seconds);
    return List.of(start.getKey(), "**%.2f**".formatted(seconds.median()),
        "%.2f–%.2f".formatted(seconds.least(), seconds.most()),
        "%.0f".formatted(Spread.of(start.getValue(), Started::megabytes).median()));
  }
}
