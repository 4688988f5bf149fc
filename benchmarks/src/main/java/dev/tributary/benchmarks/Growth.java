package dev.tributary.benchmarks;

import dev.tributary.application.DeliverySettings;
import dev.tributary.domain.messaging.Partitioning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What an event costs as there is more of everything, and how long a dead process's work lies. Arguments: "small" for a quick look, how many rounds
 * (5), a folder to write to (docs), and which parts: publishing, publishing-much, partitions, idle-streams, backlog, held, retries, consumers, idle,
 * takeover, rebalancing (all).
 */
public final class Growth {

  private static final int ROUNDS = 5;
  private static final String PAGE = "growth.md";
  private static final Duration LEASE = DeliverySettings.DEFAULTS.lease();
  /** Longer than any run: what another consumer holds stays his. */
  private static final Duration NEVER_RUNS_OUT = Duration.ofHours(1);

  private final BenchRedis redis;
  private final Sizes sizes;
  /** Each level has a database of its own. */
  private int databases;

  /** How much of everything. */
  private record Sizes(int events, List<Integer> backlogs, List<Integer> pending, List<Integer> consumers,
      List<Integer> partitions, int idleSeconds, List<Duration> leases) {

    private static final Sizes FULL = new Sizes(10_000, List.of(10_000, 1_000_000, 5_000_000),
        List.of(0, 10_000, 1_000_000), List.of(1, 2, 4, 8, 16), List.of(1, 64, Partitioning.MOST), 4,
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30)));
    private static final Sizes SMALL = new Sizes(3_000, List.of(1_000, 100_000), List.of(0, 10_000, 100_000),
        List.of(1, 4), List.of(1, 64), 2, List.of(Duration.ofSeconds(1)));
  }

  private Growth(BenchRedis redis, Sizes sizes) {
    this.redis = redis;
    this.sizes = sizes;
  }

  public static void main(String... arguments) throws Exception {
    Locale.setDefault(Locale.ROOT);
    var words = new ArrayList<>(List.of(arguments));
    boolean small = words.remove("small");
    int rounds = words.isEmpty() ? ROUNDS : Integer.parseInt(words.getFirst());
    var report = new Report(Path.of(words.size() > 1 ? words.get(1) : "docs"));
    Path directory = Files.createTempDirectory("tributary-growth");
    try (BenchRedis redis = BenchRedis.inMemory(directory)) {
      var growth = new Growth(redis, small ? Sizes.SMALL : Sizes.FULL);
      growth.measure(report, rounds, words.subList(Math.min(2, words.size()), words.size()));
    }
    System.exit(0);
  }

  private void measure(Report report, int rounds, List<String> parts) throws Exception {
    // Made one by one: each writes what it needs into the server, and none finds what another left.
    for (Map.Entry<String, Supplier<Growing>> part : growing().entrySet()) {
      if (has(parts, part.getKey())) {
        Growing growing = part.getValue().get();
        report.growth(growing.name(), growing.picture(), growing.measure(rounds));
        // Now, so that a run which is cut short leaves what it has.
        report.write(PAGE);
        redis.empty();
      }
    }
    if (has(parts, "idle")) {
      report.idle(idle().measure(rounds));
      redis.empty();
    }
    if (has(parts, "takeover")) {
      report.takeover(new Takeover(redis).measure(sizes.leases(), rounds));
      redis.empty();
    }
    if (has(parts, "rebalancing")) {
      report.rebalancing(new Rebalancing(redis, databases++).measure(rounds));
    }
    report.write(PAGE);
  }

  private static boolean has(List<String> parts, String part) {
    return parts.isEmpty() || parts.contains(part);
  }

  private Map<String, Supplier<Growing>> growing() {
    var growing = new LinkedHashMap<String, Supplier<Growing>>();
    growing.put("publishing", () -> publishing(1));
    growing.put("publishing-much", () -> publishing(16));
    growing.put("partitions", this::partitions);
    growing.put("idle-streams", this::onePartitionOfMany);
    growing.put("backlog", this::backlog);
    growing.put("held", this::held);
    growing.put("retries", this::retries);
    growing.put("consumers", this::consumers);
    return growing;
  }

  private Growing publishing(int threads) {
    return new Growing("Partitions, publishing, " + threads + " × 100 under way",
        "growth-publish-" + threads + ".svg",
        levels(List.of(1, 8, 64),
            count -> new Publishing(partitions(count), place(count), threads, 2 * sizes.events())));
  }

  private Growing partitions() {
    return new Growing("Partitions, consuming, all with entries", "growth-partitions.svg", levels(List.of(1, 8, 64),
        count -> {
          Consumers.Place place = place(count);
          return draining(partitions(count), place, Stocks.published(place), 1, LEASE);
        }));
  }

  private Growing onePartitionOfMany() {
    return new Growing("Idle streams, consuming, one partition with entries", "growth-idle-streams.svg",
        levels(sizes.partitions(), count -> {
          Consumers.Place place = place(count);
          return draining("one busy of " + partitions(count), place, Stocks.publishedToOne(place), 1, LEASE);
        }));
  }

  private Growing backlog() {
    return new Growing("Backlog", "growth-backlog.svg", levels(sizes.backlogs(), waiting -> {
      Consumers.Place place = place(1);
      return draining("%,d waiting".formatted(waiting), place, Stocks.backlog(place, waiting), 1, LEASE);
    }));
  }

  private Growing held() {
    return new Growing("Pending, in the hands of another live consumer", "growth-held.svg",
        levels(sizes.pending(), count -> {
          Consumers.Place place = place(1);
          return draining("%,d held".formatted(count), place, Stocks.besideHeld(place, count), 1, NEVER_RUNS_OUT);
        }));
  }

  private Growing retries() {
    return new Growing("Pending, waiting for a retry in an hour", "growth-retries.svg",
        levels(sizes.pending(), count -> {
          Consumers.Place place = place(1);
          return draining("%,d waiting".formatted(count), place, Stocks.besideRetries(place, count), 1, LEASE);
        }));
  }

  private Growing consumers() {
    return new Growing("Consumers of one group", "growth-consumers.svg", levels(sizes.consumers(), count -> {
      Consumers.Place place = place(1);
      return draining(count == 1 ? "1 consumer" : count + " consumers", place, Stocks.backlog(place, 0), count, LEASE);
    }));
  }

  private Growing idle() {
    return new Growing("Idle", "", levels(sizes.partitions(),
        count -> new Idle(partitions(count), place(count), sizes.idleSeconds())));
  }

  private Level draining(String name, Consumers.Place place, Draining.Stock stock, int consumers, Duration lease) {
    return new Draining(name, place, stock, consumers, lease, sizes.events());
  }

  private Consumers.Place place(int partitions) {
    return new Consumers.Place(redis, databases++, new Partitioning(partitions));
  }

  private static List<Level> levels(List<Integer> amounts, Function<Integer, Level> level) {
    return IntStream.range(0, amounts.size()).mapToObj(i -> level.apply(amounts.get(i))).toList();
  }

  private static String partitions(int count) {
    return count == 1 ? "1 partition" : "%,d partitions".formatted(count);
  }
}
