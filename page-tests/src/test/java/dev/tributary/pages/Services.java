package dev.tributary.pages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A payment and a shipping service. Payments may be told to answer something else than 200 for a while. */
final class Services implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile int paymentStatus = 200;

  Services() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    server.setExecutor(threads);
    server.createContext("/payments", exchange -> answer(exchange, paymentStatus, "paymentId"));
    server.createContext("/shipments", exchange -> answer(exchange, 200, "trackingNumber"));
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, String name) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      byte[] body = "{\"%s\":\"for-%s\"}".formatted(name, key).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void answerPaymentsWith(int status) {
    paymentStatus = status;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
