package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one Redis, as they are meant to run, and as they are meant to stop. */
class SeveralProcessesTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int ORDERS = 500;
  /** As it is unless somebody sets it: a machine that stands still for a moment loses no lease. */
  private static final String LEASE = "30s";

  @TempDir
  private Path data;

  private World world;

  @BeforeEach
  void open() throws Exception {
    world = new World(data, Map.of("LEASE", LEASE));
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void the_work_may_be_spread_by_roles() throws Exception {
    world.startAll("http", "email-processors,user-processors", "payment-processors,shipping-processors");
    String url = world.apps().getFirst().url();
    String worker = world.apps().get(1).url();
    String user = world.shop().register(url, "ada@example.com").id();
    String order = world.shop().order(url, user).id();
    await().atMost(SOON)
        .untilAsserted(() -> assertThat(world.shop().get(url + "/orders/" + order).body().get("status").textValue())
            .isEqualTo("shipped"));
    await().atMost(SOON)
        .untilAsserted(
            () -> assertThat(world.shop().get(url + "/users/" + user).body().get("welcomeEmailSentAt").isTextual())
                .isTrue());
    await().atMost(SOON).until(() -> world.shop().get(worker + "/health/ready").status() == 200);
    assertThat(world.shop().get(worker + "/users/" + user).status()).isEqualTo(404);
  }

  @Test
  void without_faults_every_order_is_charged_and_shipped_exactly_once() throws Exception {
    world.startAll("all", "all", "all");
    world.buy(ORDERS, Duration.ZERO);
    world.awaitDrained();
    assertThat(world.examine()).matches(Findings::isNone);
    assertEachOnce(world.witness().payments());
    assertEachOnce(world.witness().shipments());
  }

  private void assertEachOnce(Map<String, AtomicInteger> calls) {
    assertThat(calls).hasSize(ORDERS);
    assertThat(calls.entrySet().stream().filter(each -> each.getValue().get() != 1))
        .as(() -> "warnings: " + world.warnings())
        .isEmpty();
  }

  @Test
  void while_redis_is_away_requests_get_503_and_all_goes_on_by_itself() throws Exception {
    world.startAll("all", "all", "all");
    world.buy(50, Duration.ZERO);
    world.killRedis();
    long back = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    String url = world.apps().getFirst().url();
    assertThat(world.shop().register(url, "eve@example.com").raw()).satisfies(answer -> {
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    });
    assertThat(world.shop().get(url + "/health/ready").status()).isEqualTo(503);
    assertThat(world.shop().get(url + "/health/live").status()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(12)).until(() -> System.nanoTime() > back);
    world.startRedis();
    // Under a key: an answer that came too late would be a user who is there already.
    await().atMost(Duration.ofSeconds(5))
        .until(() -> world.shop().register(url, "eve@example.com", "eve").status() == 201);
    world.buy(50, Duration.ZERO);
    world.awaitDrained();
    assertThat(world.examine()).matches(Findings::isNone);
    await().atMost(SOON).until(() -> world.shop().get(url + "/health/ready").status() == 200);
  }

  @Test
  void a_stop_under_load_ends_in_time_with_code_0_and_loses_nothing() throws Exception {
    world.startAll("all", "all", "all");
    try (ExecutorService buying = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> bought = buying.submit(() -> {
        world.buy(600, Duration.ofMillis(5));
        return null;
      });
      for (int i = 2; i > 0; i--) {
        // Not so many more than there are: while a process ends, the others sell on.
        int enough = 50 * (3 - i);
        await().atMost(SOON).until(() -> world.orders().size() > enough);
        assertThat(world.apps().get(i).terminate(10)).isZero();
      }
      bought.get();
    }
    world.awaitDrained();
    Findings found = world.examine();
    Figures.note("SIGTERM under load: 2 processes, 600 orders: exit 0 within 10 s; " + found.figures());
    assertThat(found).matches(Findings::isNone);
    assertThat(world.holdsOneOrderForEachKey()).isTrue();
  }
}
