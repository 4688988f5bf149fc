package dev.tributary.benchmarks;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.adapters.redis.RedisSettings;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Whether one holds up or burdens the others: slow handlers those of other events, many groups each other. */
final class Shares {

  private static final int RATE = 1_000;
  private static final Duration AT_THE_RATE = Duration.ofSeconds(5);
  private static final int ONE_IN = 100;
  private static final int GROUPS = 64;
  private static final int DELIVERIES = 64_000;

  private final BenchRedis redis;
  private final int rounds;
  private final Report report;

  Shares(BenchRedis redis, int rounds, Report report) {
    this.redis = redis;
    this.rounds = rounds;
    this.report = report;
  }

  void measure() throws Exception {
    report.section("Fair shares, " + redis.durability());
    slowHandlers();
    manyGroups();
  }

  private void slowHandlers() throws InterruptedException {
    var beside = new ArrayList<Latency.Times>();
    var alone = new ArrayList<Latency.Times>();
    for (int round = 1; round <= rounds; round++) {
      beside.add(Latency.ofOurs(redis, RATE, AT_THE_RATE, ONE_IN));
      alone.add(Latency.ofOurs(redis, RATE, AT_THE_RATE));
      Main.say("%s, one slow in %d: round %d: others beside it %s; none slow: %s".formatted(redis.durability(), ONE_IN,
          round, beside.getLast(), alone.getLast()));
    }
    report
        .paragraph("**From publish to settled at %,d events/s, where one handler in %d takes a second; of the others**"
            .formatted(RATE, ONE_IN));
    report.table(List.of("", "p50 ratio", "p50 ms", "spread", "p99 ms"),
        List.of(row("beside slow ones", beside, alone), row("none slow", alone, alone)));
  }

  private static List<String> row(String name, List<Latency.Times> times, List<Latency.Times> measure) {
    Spread p50 = Spread.of(times, Latency.Times::p50);
    return List.of(name, "**%.2f**".formatted(p50.median() / Spread.of(measure, Latency.Times::p50).median()),
        "%.2f".formatted(p50.median()), "%.2f–%.2f".formatted(p50.least(), p50.most()),
        "%.2f".formatted(Spread.of(times, Latency.Times::p99).median()));
  }

  private void manyGroups() throws Exception {
    var growing = new Growing("Groups of one stream", "", List.of(groups(1), groups(GROUPS)));
    report.growth("Groups of one stream, " + redis.durability() + ": a delivery",
        "benchmark-groups-" + redis.durability().replace(' ', '-') + ".svg", growing.measure(rounds));
  }

  private Level groups(int count) {
    return new Level() {
      @Override
      public String name() {
        return count == 1 ? "1 group" : count + " groups";
      }

      @Override
      public Run measure() throws Exception {
        return deliver(count);
      }
    };
  }

  private Run deliver(int groups) throws Exception {
    redis.empty();
    var settling = new Settling();
    settling.expect(DELIVERIES);
    var settings = new RedisSettings(redis.url(), DeliverySettings.DEFAULTS, Retention.DEFAULT);
    try (RedisMessaging messaging = RedisMessaging.open(settings, settling)) {
      Samples.publishUsers(messaging.publisher(), DELIVERIES / groups);
      return Run.measured(redis, DELIVERIES, () -> {
        IntStream.range(0, groups).forEach(number -> subscribe(messaging, number));
        settling.await();
      });
    }
  }

  private static void subscribe(RedisMessaging messaging, int number) {
    var spec = new SubscriptionSpec<>(UserEvent.TOPIC, new Group("bench-" + number), UserCreated.class);
    var _ = messaging.subscriber().subscribe(spec, _ -> Outcome.SETTLED);
  }
}
