package dev.tributary.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Customers who register, order some things one after the other, and make room for the next, until they are told to stop. All under idempotency
 * keys: they try again until it is confirmed, and remember what they were told.
 */
final class Customers implements AutoCloseable {

  private static final int COUNT = 8;
  private static final int ORDERS_OF_EACH = 5;
  private static final Duration SERVED_WITHIN = Duration.ofSeconds(90);
  private static final Duration NEXT_TRY = Duration.ofMillis(50);
  private static final int CONFIRMED = 201;
  private static final int UNKNOWN_CUSTOMER = 422;

  private final Market market;
  private final Duration pause;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> shopping = new ArrayList<>();
  /** Ids by idempotency key. */
  private final Map<String, String> users = new ConcurrentHashMap<>();
  private final Map<String, String> orders = new ConcurrentHashMap<>();
  private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();
  private final AtomicLong longestNanos = new AtomicLong();
  private volatile boolean ended;

  @FunctionalInterface
  private interface Request {
    Shop.Answer send(String url) throws Exception;
  }

  /** @param pause of each, between two orders */
  Customers(Market market, Duration pause) {
    this.market = market;
    this.pause = pause;
  }

  void begin() {
    everyone(counter -> {
      for (int i = 0; !ended; i++) {
        if (i % ORDERS_OF_EACH == 0) {
          register(customer(counter, i));
        }
        order(customer(counter, i), i);
        Thread.sleep(pause);
      }
    });
  }

  private static String customer(int counter, int order) {
    return "customer-" + counter + "-" + order / ORDERS_OF_EACH;
  }

  /** Blocks until everybody has the order that he was about to make. */
  void end() throws Exception {
    ended = true;
    awaitEveryone();
  }

  /** Asks for all of it once more, under the same keys. */
  void repeat() throws Exception {
    everyone(counter -> {
      for (int i = 0; orders.containsKey(key(customer(counter, i), i)); i++) {
        register(customer(counter, i));
        order(customer(counter, i), i);
      }
    });
    awaitEveryone();
  }

  @FunctionalInterface
  private interface Errand {
    void run(int counter) throws Exception;
  }

  private void everyone(Errand errand) {
    IntStream.range(0, COUNT).forEach(counter -> shopping.add(threads.submit(() -> {
      errand.run(counter);
      return null;
    })));
  }

  private void awaitEveryone() throws Exception {
    for (Future<?> each : shopping) {
      each.get();
    }
    shopping.clear();
  }

  private void register(String customer) throws Exception {
    insist(customer, users, app -> market.shop().register(app, customer + "@example.com", customer));
  }

  private static String key(String customer, int order) {
    return customer + "-order-" + order;
  }

  private void order(String customer, int number) throws Exception {
    String key = key(customer, number);
    insist(key, orders, app -> {
      Shop.Answer answer = market.shop().order(app, users.getOrDefault(customer, "nobody"), key);
      if (answer.status() == UNKNOWN_CUSTOMER) {
        // The store has lost him.
        register(customer);
      }
      return answer;
    });
  }

  private void insist(String key, Map<String, String> told, Request request) throws Exception {
    long from = System.nanoTime();
    String last = "none";
    for (int attempt = key.hashCode() & 1; System.nanoTime() - from < SERVED_WITHIN.toNanos(); attempt++) {
      AppProcess app = market.apps().get(attempt % market.apps().size());
      try {
        Shop.Answer answer = request.send(app.url());
        answers.merge(answer.status(), 1, Integer::sum);
        if (answer.status() == CONFIRMED) {
          longestNanos.accumulateAndGet(System.nanoTime() - from, Math::max);
          remember(key, answer.id(), told);
          return;
        }
        last = answer.raw().body();
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      Thread.sleep(NEXT_TRY);
    }
    throw new IllegalStateException(key + " is not served; the last answer: " + last);
  }

  private void remember(String key, String id, Map<String, String> told) {
    String before = told.putIfAbsent(key, id);
    if (before != null && !before.equals(id)) {
      contradictions.add(key + " was " + before + ", and then " + id);
    }
  }

  /** Those who were told that they are registered. */
  Set<String> users() {
    return Set.copyOf(users.values());
  }

  /** What was confirmed. */
  Set<String> orders() {
    return Set.copyOf(orders.values());
  }

  int confirmed() {
    return orders.size();
  }

  /** Keys under which one thing was confirmed, and then another. */
  List<String> contradictions() {
    return List.copyOf(contradictions);
  }

  /** How many answers there were of each status. */
  Map<Integer, Integer> answers() {
    return new TreeMap<>(answers);
  }

  /** How long one of them was kept waiting at most, from his first try. */
  Duration longest() {
    return Duration.ofNanos(longestNanos.get());
  }

  @Override
  public void close() {
    ended = true;
    threads.shutdownNow();
  }
}
