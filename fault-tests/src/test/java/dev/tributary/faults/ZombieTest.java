package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.models.stream.PendingMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Handlers that are in the middle of something when another consumer takes their deliveries over: whatever they do then must change nothing. */
@Timeout(300)
class ZombieTest {

  private static final int ZOMBIES = "long".equals(System.getProperty("faults")) ? 1_000 : 100;
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir
  private Path data;

  @Test
  void zombies_write_nothing() throws Exception {
    try (var world = new World(data, Map.of("LEASE", "8s", "CONCURRENCY", "1000")); Checker checker = world.checker()) {
      world.startAll("all");
      world.buy(1, Duration.ZERO);
      world.awaitDrained();
      world.witness().gate().shut();
      world.buy(ZOMBIES, Duration.ZERO);
      await().atMost(SOON).until(() -> world.witness().gate().waiting() >= ZOMBIES);
      assertThat(checker.redis().zcard("{order-events}:due:payment-processors")).as("those that were given up before")
          .isZero();
      int taken = seize(checker);
      world.witness().gate().open();
      await().atMost(Duration.ofSeconds(3)).until(() -> world.witness().gate().waiting() == 0);
      await().during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(4))
          .untilAsserted(() -> assertThat(paid(checker)).as("orders paid by zombies").isOne());
      assertThat(world.orders().stream().filter(id -> version(checker, id) > 1)).as("states changed by zombies")
          .hasSize(1);
      world.awaitDrained();
      Findings found = world.examine();
      Figures
          .note("zombies: " + taken + " handlers whose deliveries were taken over while they ran: 0 writes; afterwards "
              + found.figures());
      assertThat(found).matches(Findings::isNone);
      assertThat(taken).isGreaterThanOrEqualTo(ZOMBIES);
    }
  }

  /** @return how many were taken */
  private static int seize(Checker checker) {
    List<PendingMessage> pending = checker.redis()
        .xpending("order-events", "payment-processors", Range.unbounded(), Limit.from(10_000));
    return checker.redis()
        .xclaim("order-events", Consumer.from("payment-processors", "thief"), 0,
            pending.stream().map(PendingMessage::getId).toArray(String[]::new))
        .size();
  }

  private static int version(Checker checker, String order) {
    return Integer.parseInt(String.valueOf(checker.redis().hget("{order-events}:order:" + order, "v")));
  }

  private static long paid(Checker checker) {
    return checker.redis()
        .xrange("order-events", Range.unbounded())
        .stream()
        .map(StreamMessage::getBody)
        .filter(body -> "order_paid".equals(body.get("type")))
        .count();
  }
}
