package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker bites. */
class CheckerTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir
  private Path data;

  private World world;
  private Checker checker;
  private RedisClusterCommands<String, String> redis;

  @BeforeEach
  void open() throws Exception {
    world = new World(data, Map.of());
    checker = world.checker();
    redis = checker.redis();
  }

  @AfterEach
  void close() throws Exception {
    checker.close();
    world.close();
  }

  @Test
  void a_naive_worker_under_kills_is_found_out() throws Exception {
    world.startAll("http,email-processors,user-processors");
    world.buy(100, Duration.ZERO);
    int kills = new NaiveWorker(redis, world.witness().url(), 7).run();
    world.startAll("shipping-processors");
    // What the naive worker has torn is shipped late or never.
    await().atMost(SOON)
        .until(() -> world.witness().shipments().size() > 50
            && redis.xpending("order-events", "shipping-processors").getCount() == 0);
    Findings found = world.examine();
    Figures.note("a naive worker, for comparison: 100 orders, " + kills + " kills; " + found.figures());
    assertThat(kills).isPositive();
    assertThat(found.duplicated()).isNotEmpty();
    assertThat(found.torn()).isNotEmpty();
  }

  @Test
  void each_kind_of_fault_has_its_name() throws Exception {
    world.startAll("all");
    world.buy(4, Duration.ZERO);
    world.awaitDrained();
    assertThat(world.examine()).matches(Findings::isNone);
    String[] orders = world.orders().toArray(String[]::new);
    redis.xadd("order-events", Map.of("type", "order_paid", "key", orders[0]));
    redis.hincrby("{order-events}:order:" + orders[1], "v", -1);
    redis.del("{order-events}:order:" + orders[2]);
    redis.xadd("{order-events}:dead:payment-processors", Map.of("reason", "by hand"));
    String state = redis.hget("{order-events}:order:" + orders[3], "s");
    redis.hset("{order-events}:order:" + orders[3], "s",
        state.replaceFirst("\"userId\":\"[^\"]+\"", "\"userId\":\"stranger\""));
    world.users().add("nobody");
    await().atMost(SOON)
        .until(() -> redis.xlen("{order-events}:dead:shipping-processors") == 1 && checker.isDrained());
    Findings found = world.examine();
    assertThat(found.duplicated()).singleElement().asString().contains(orders[0]);
    assertThat(found.torn()).anyMatch(line -> line.contains(orders[1])).anyMatch(line -> line.contains(orders[2]));
    assertThat(found.lost()).anyMatch(line -> line.contains(orders[2])).anyMatch(line -> line.contains("nobody"));
    assertThat(found.unexpected()).hasSize(3).anyMatch(line -> line.contains(orders[3]) && line.contains("somebody"));
    assertThat(checker.examine(Set.of(), Set.of()).isNone()).isFalse();
  }

  @Test
  void a_charge_under_another_key_is_a_second_one() throws Exception {
    world.startAll("all");
    world.buy(1, Duration.ZERO);
    world.awaitDrained();
    String order = world.orders().iterator().next();
    new NaiveWorker(redis, world.witness().url(), 7).charge(order, "another key");
    Findings found = world.examine();
    assertThat(found.duplicated()).singleElement().asString().contains(order, "another key");
    assertThat(found.unexpected()).singleElement().asString().contains("another key");
  }

  @Test
  void an_order_that_nobody_handles_is_lost() throws Exception {
    world.startAll("http");
    world.buy(1, Duration.ZERO);
    assertThat(checker.isDrained()).isFalse();
    assertThat(world.examine().lost()).anyMatch(line -> line.contains(world.orders().iterator().next()));
  }
}
