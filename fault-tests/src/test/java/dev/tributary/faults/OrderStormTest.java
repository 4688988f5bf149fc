package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.domain.messaging.Ordering;
import dev.tributary.faults.OrderStorm.Strength;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Handlers fail and processes come and go, and the events of each key are handled in their order, none twice, none lost. {@code -Dfaults=long} is
 * the long form; {@code -Dseed=…} repeats the choices of one run.
 */
class OrderStormTest {

  private static final Strength STRENGTH = "long".equals(System.getProperty("faults")) ? Strength.LONG : Strength.SHORT;
  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(60);

  private final long seed = Long.getLong("seed", System.nanoTime() % 1_000_000);

  @TempDir
  private Path data;

  @Test
  @Timeout(1800)
  void each_key_s_events_are_handled_in_order_none_twice_none_lost() throws Exception {
    System.out.println("order storm with seed " + seed);
    long from = System.nanoTime();
    try (RedisServer redis = RedisServer.start(RedisServerSettings.in(data));
        var turns = new Turns(redis.url(), redis.url(), 0, STRENGTH.keys());
        var storm = new OrderStorm(redis.url(), turns, seed, STRENGTH)) {
      storm.rage();
      awaitDrained(turns);
      storm.stopAll();
      List<String> findings = turns.findings();
      Figures.note("order storm, seed " + seed + ": " + STRENGTH.keys() + " keys, " + turns.published() + " events; "
          + storm + "; " + findings.size() + " findings, " + storm.early().size() + " early; in "
          + Duration.ofNanos(System.nanoTime() - from).toSeconds() + " s");
      assertThat(findings).as("seed %d", seed).isEmpty();
      assertThat(storm.early()).as("seed %d: begun before the turn before was committed", seed).isEmpty();
      assertThat(turns.handled()).as("seed %d", seed).isEqualTo(STRENGTH.events());
    }
  }

  /** That the findings above would be there. */
  @Test
  void a_group_without_order_is_found_to_have_none() throws Exception {
    try (RedisServer redis = RedisServer.start(RedisServerSettings.in(data));
        var turns = new Turns(redis.url(), redis.url(), 0, 3);
        AppProcess worker = OrderedWorker.start(redis.url(), Ordering.NONE, 0, seed)) {
      turns.publish(0, 20);
      awaitDrained(turns);
      assertThat(turns.findings()).as("seed %d", seed).anyMatch(line -> line.contains("took its turns in the order"));
      assertThat(worker.lines()).as("seed %d", seed).anyMatch(line -> line.startsWith(OrderedWorker.EARLY));
    }
  }

  private static void awaitDrained(Turns turns) {
    try {
      await().pollInterval(Duration.ofMillis(50)).atMost(DRAINED_WITHIN).until(turns::isDrained);
    } catch (ConditionTimeoutException _) {
      // The findings say what is missing.
    }
  }
}
