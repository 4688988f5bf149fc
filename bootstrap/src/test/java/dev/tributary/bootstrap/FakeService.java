package dev.tributary.bootstrap;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** A service that says yes to everything and remembers in which traces it was asked. */
final class FakeService implements AutoCloseable {

  private final HttpServer server;
  private final Queue<String> traces = new ConcurrentLinkedQueue<>();

  FakeService(String answer) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      traces.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
      exchange.getRequestBody().readAllBytes();
      byte[] body = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<String> traces() {
    return List.copyOf(traces);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
