package dev.tributary.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes on one real Redis, with services that bear witness. {@code -Dorders=2000} is the long form; {@code -Dseed=…} repeats the
 * choices of a run.
 */
@Timeout(600)
class SeveralProcessesTest {

  private static final int ORDERS = Integer.getInteger("orders", 500);
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final Duration DRAINED_WITHIN = Duration.ofMinutes(2);
  private static final int CLIENTS = 8;

  @TempDir
  private Path data;

  private RedisServer redis;
  private Witness witness;
  private Shop shop;
  private final List<AppProcess> apps = new CopyOnWriteArrayList<>();
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void open() throws Exception {
    redis = RedisServer.start(RedisServerSettings.in(data));
    witness = new Witness();
    shop = new Shop();
  }

  @AfterEach
  void close() {
    apps.forEach(AppProcess::close);
    shop.close();
    witness.close();
    redis.close();
  }

  @Test
  void the_work_may_be_spread_by_roles() throws Exception {
    AppProcess front = start("http");
    start("email-processors,user-processors");
    start("payment-processors,shipping-processors");
    String user = shop.register(front.url(), "ada@example.com").id();
    String order = shop.order(front.url(), user).id();
    await().atMost(DRAINED_WITHIN)
        .untilAsserted(
            () -> assertThat(shop.get(front.url() + "/orders/" + order).body().get("status").textValue())
                .isEqualTo("shipped"));
    await().atMost(DRAINED_WITHIN)
        .untilAsserted(
            () -> assertThat(shop.get(front.url() + "/users/" + user).body().get("welcomeEmailSentAt").isTextual())
                .isTrue());
    assertThat(shop.get(apps.get(1).url() + "/health/ready").status()).isEqualTo(200);
    assertThat(shop.get(apps.get(1).url() + "/users/" + user).status()).isEqualTo(404);
  }

  @Test
  void without_faults_every_order_is_charged_and_shipped_exactly_once() throws Exception {
    startThree();
    buy(ORDERS, Duration.ZERO);
    awaitDrained();
    assertNoFaults();
    assertThat(witness.payments()).hasSize(ORDERS).allSatisfy((_, calls) -> assertThat(calls).hasValue(1));
    assertThat(witness.shipments()).hasSize(ORDERS).allSatisfy((_, calls) -> assertThat(calls).hasValue(1));
  }

  @Test
  void with_a_process_killed_every_half_second_nothing_is_lost_and_nothing_done_twice() throws Exception {
    System.out.println("seed " + SEED);
    var kills = new AtomicInteger();
    startThree();
    Thread killer = Thread.ofVirtual().start(() -> killOn(new Random(SEED), kills));
    buy(ORDERS, Duration.ofMillis(150));
    killer.interrupt();
    killer.join();
    awaitDrained();
    assertNoFaults();
    System.out.println(acknowledged.size() + " orders, " + kills + " kills");
    assertThat(kills).hasValueGreaterThan(ORDERS / 100);
  }

  @Test
  void while_redis_is_away_requests_get_503_and_all_goes_on_by_itself() throws Exception {
    startThree();
    buy(50, Duration.ZERO);
    int port = redis.port();
    redis.kill();
    long back = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    String url = apps.getFirst().url();
    assertThat(shop.register(url, "eve@example.com").raw()).satisfies(answer -> {
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    });
    assertThat(shop.get(url + "/health/ready").status()).isEqualTo(503);
    assertThat(shop.get(url + "/health/live").status()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(12)).until(() -> System.nanoTime() > back);
    redis = RedisServer.start(RedisServerSettings.in(data).onPort(port));
    await().atMost(Duration.ofSeconds(10)).until(() -> shop.register(url, "eve@example.com").status() == 201);
    buy(50, Duration.ZERO);
    awaitDrained();
    assertNoFaults();
    assertThat(shop.get(url + "/health/ready").status()).isEqualTo(200);
  }

  @Test
  void a_stop_under_load_ends_in_time_with_code_0_and_loses_nothing() throws Exception {
    startThree();
    AppProcess leaving = apps.getLast();
    String _ = leaving.url();
    try (ExecutorService buying = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> bought = buying.submit(() -> {
        buy(100, Duration.ZERO);
        return null;
      });
      await().atMost(DRAINED_WITHIN).until(() -> acknowledged.size() > 20);
      assertThat(leaving.terminate(10)).isZero();
      bought.get();
    }
    awaitDrained();
    assertNoFaults();
  }

  private void startThree() throws Exception {
    for (int i = 0; i < 3; i++) {
      start("all");
    }
    for (AppProcess app : apps) {
      String _ = app.url();
    }
  }

  private AppProcess start(String roles) throws IOException {
    AppProcess app = AppProcess.start(settings(roles));
    apps.add(app);
    return app;
  }

  private Map<String, String> settings(String roles) {
    var settings = new HashMap<>(witness.settings());
    settings.putAll(Map.of("REDIS_URL", redis.url(), "ROLES", roles, "LEASE", "2s", "RETRY_BACKOFF", "200ms"));
    return settings;
  }

  /** Kills one that serves, every half second, and starts it again. */
  private void killOn(Random random, AtomicInteger kills) {
    try {
      while (true) {
        Thread.sleep(500);
        int victim = random.nextInt(apps.size());
        if (apps.get(victim).serves()) {
          apps.get(victim).kill();
          kills.incrementAndGet();
          apps.set(victim, AppProcess.start(settings("all")));
        }
      }
    } catch (InterruptedException | IOException _) {
      // The test goes on without further kills.
    }
  }

  /** As several customers at once, each of whom pauses after an order, and tries again elsewhere until it is acknowledged. */
  private void buy(int orders, Duration pause) throws Exception {
    var next = new AtomicInteger();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> buying = new ArrayList<>();
      IntStream.range(0, CLIENTS).forEach(client -> buying.add(clients.submit(() -> {
        String user = stubbornly(client,
            url -> shop.register(url, "client" + client + "-" + System.nanoTime() + "@example.com"));
        while (next.getAndIncrement() < orders) {
          acknowledged.add(stubbornly(client, url -> shop.order(url, user)));
          Thread.sleep(pause);
        }
        return null;
      })));
      for (Future<?> done : buying) {
        done.get();
      }
    }
  }

  @FunctionalInterface
  private interface Request {
    Shop.Answer send(String url) throws IOException, InterruptedException;
  }

  /** @return the id of what was made */
  private String stubbornly(int client, Request request) throws Exception {
    for (int attempt = client;; attempt++) {
      AppProcess app = apps.get(attempt % apps.size());
      try {
        if (app.serves()) {
          Shop.Answer answer = request.send(app.url());
          if (answer.status() == 201) {
            return answer.id();
          }
        }
      } catch (IOException _) {
        // Killed meanwhile; not acknowledged.
      }
      Thread.sleep(20);
    }
  }

  private void awaitDrained() {
    try (var ledger = new Ledger(redis.url())) {
      await().atMost(DRAINED_WITHIN).until(ledger::isDrained);
    }
  }

  private void assertNoFaults() throws Exception {
    try (var ledger = new Ledger(redis.url())) {
      assertThat(ledger.faults(acknowledged, witness)).isEmpty();
      ledger.assertEachStateChangedOnce(acknowledged);
      assertThat(ledger.redis().keys("*:dead:*")).isEmpty();
    }
  }
}
