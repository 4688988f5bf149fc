package dev.tributary.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Processes on some Redis, services that bear witness, and customers who try again until they are told that their order is there. */
class Market implements AutoCloseable {

  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(60);
  private static final int CUSTOMERS = 8;

  private final String admin;
  private final Map<String, String> extra;
  private final Witness witness = new Witness();
  private final Shop shop = new Shop();
  private final List<AppProcess> apps = new CopyOnWriteArrayList<>();
  private final Set<String> users = ConcurrentHashMap.newKeySet();
  private final Set<String> orders = ConcurrentHashMap.newKeySet();
  private String url;

  /**
   * @param admin the URL of somebody who may do everything
   * @param extra settings of every process, beside those that lead to Redis and the witness
   */
  Market(String admin, Map<String, String> extra) throws IOException {
    this.admin = admin;
    this.extra = extra;
    this.url = admin;
  }

  /** Everybody who starts from now on reaches Redis by this way. */
  void reachRedisBy(String otherUrl) {
    url = otherUrl;
  }

  Witness witness() {
    return witness;
  }

  Shop shop() {
    return shop;
  }

  List<AppProcess> apps() {
    return apps;
  }

  /** What its processes complain of. */
  List<String> warnings() {
    return apps.stream().flatMap(app -> app.lines().stream()).filter(line -> line.contains(" WARN ")).toList();
  }

  Set<String> users() {
    return users;
  }

  Set<String> orders() {
    return orders;
  }

  Checker checker() {
    return new Checker(admin, Integer.parseInt(extra.getOrDefault("PARTITIONS", "1")), witness);
  }

  AppProcess start(String roles) throws IOException {
    AppProcess app = launch(roles);
    apps.add(app);
    return app;
  }

  AppProcess launch(String roles) throws IOException {
    var settings = new HashMap<>(witness.settings());
    settings.putAll(Map.of("REDIS_URL", url, "ROLES", roles, "LEASE", "2s", "RETRY_BACKOFF", "200ms"));
    settings.putAll(extra);
    return AppProcess.start(settings);
  }

  void startAll(String... roles) throws Exception {
    for (String some : roles) {
      start(some);
    }
    for (AppProcess app : apps) {
      var _ = app.url();
    }
  }

  /** Registers a user for each of a few customers, who then order, one after the other, until that many orders were confirmed. */
  void buy(int count, Duration pause) throws Exception {
    var next = new AtomicInteger();
    try (ExecutorService customers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> buying = new ArrayList<>();
      IntStream.range(0, CUSTOMERS).forEach(customer -> buying.add(customers.submit(() -> {
        String user = stubbornly(customer,
            app -> shop.register(app, "customer" + customer + "-" + System.nanoTime() + "@example.com"));
        users.add(user);
        while (next.getAndIncrement() < count) {
          String key = "order-" + System.nanoTime() + "-" + customer;
          orders.add(stubbornly(customer, app -> shop.order(app, user, key)));
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
  interface Request {
    Shop.Answer send(String url) throws IOException, InterruptedException;
  }

  /** Tries again, elsewhere, until it is confirmed. */
  String stubbornly(int customer, Request request) throws Exception {
    for (int attempt = customer;; attempt++) {
      AppProcess app = apps.get(attempt % apps.size());
      try {
        if (app.serves()) {
          Shop.Answer answer = request.send(app.url());
          if (answer.status() == 201) {
            return answer.id();
          }
        }
      } catch (IOException _) {
        // Killed meanwhile; not confirmed.
      }
      Thread.sleep(20);
    }
  }

  /** @return how long it took, in ms */
  long awaitDrained() {
    long from = System.nanoTime();
    try (Checker checker = checker()) {
      await().atMost(DRAINED_WITHIN).until(checker::isDrained);
    }
    return Duration.ofNanos(System.nanoTime() - from).toMillis();
  }

  Findings examine() throws JsonProcessingException {
    try (Checker checker = checker()) {
      return checker.examine(users, orders);
    }
  }

  /** Whether what Redis holds is what customers were told of: no retry has made a second order. */
  boolean holdsOneOrderForEachKey() {
    try (Checker checker = checker()) {
      return checker.orders().equals(orders);
    }
  }

  @Override
  public void close() throws IOException {
    apps.forEach(AppProcess::close);
    shop.close();
    witness.close();
  }
}
