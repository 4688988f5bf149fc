package dev.tributary.faults;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A payment and shipping service that knows idempotency keys, and a mail sink; they remember who called how often. */
final class Witness implements AutoCloseable {

  /** So that whoever is killed is in the middle of something. */
  private static final long LONGEST_ANSWER_MILLIS = 100;
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, AtomicInteger> payments = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> captures = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> shipments = new ConcurrentHashMap<>();
  private final MailSink mail = new MailSink();
  private final Gate gate = new Gate();

  Witness() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    server.setExecutor(threads);
    server.createContext("/payments", exchange -> {
      gate.pass();
      answer(exchange, payments, "paymentId", captures);
    });
    server.createContext("/shipments",
        exchange -> answer(exchange, shipments, "trackingNumber", new ConcurrentHashMap<>()));
    server.start();
  }

  /** @param book keys by order */
  private static void answer(HttpExchange exchange, Map<String, AtomicInteger> calls, String name,
      Map<String, Set<String>> book) throws IOException {
    try (exchange) {
      Thread.sleep(ThreadLocalRandom.current().nextLong(LONGEST_ANSWER_MILLIS));
      String order = JSON.readTree(exchange.getRequestBody().readAllBytes()).path("orderId").asText();
      String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      book.computeIfAbsent(order, _ -> ConcurrentHashMap.newKeySet()).add(key);
      calls.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
      byte[] body = "{\"%s\":\"%s\"}".formatted(name, idFor(key)).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** What it gives for a key: the same every time, as it charges and ships once for each. */
  static String idFor(String key) {
    return "for-" + key;
  }

  Map<String, String> settings() {
    return Map.of("PAYMENTS_URL", url(), "SHIPPING_URL", url(), "SMTP_URL", mail.url());
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What payments wait at; each is answered by 10 s, or the caller gives up. */
  Gate gate() {
    return gate;
  }

  MailSink mail() {
    return mail;
  }

  /** Calls by idempotency key. */
  Map<String, AtomicInteger> payments() {
    return payments;
  }

  /** Its book: the keys under which an order was charged, once each. */
  Map<String, Set<String>> captures() {
    return captures;
  }

  Map<String, AtomicInteger> shipments() {
    return shipments;
  }

  @Override
  public void close() throws IOException {
    gate.open();
    mail.close();
    server.stop(0);
    threads.shutdownNow();
  }
}
