package dev.tributary.bootstrap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Takes spans as OTLP in protobuf over HTTP, and understands as much of it as the tests look at. */
final class OtlpReceiver implements AutoCloseable {

  private final HttpServer server;
  private final Queue<Span> spans = new ConcurrentLinkedQueue<>();

  record Span(String traceId, String spanId, String parentId, String name, int kind, Map<String, String> attributes) {

    /** As others name it as theirs. */
    String asParent() {
      return "00-" + traceId + "-" + spanId + "-01";
    }
  }

  OtlpReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", this::take);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Span> spans() {
    return List.copyOf(spans);
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    each(body, (field, resourceSpans) -> each(bytes(resourceSpans), (part, scopeSpans) -> {
      if (part == 2) {
        each(bytes(scopeSpans), (kind, span) -> {
          if (kind == 2) {
            spans.add(span(bytes(span)));
          }
        });
      }
    }));
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static Span span(byte[] message) {
    var fields = new LinkedHashMap<Integer, Object>();
    var attributes = new LinkedHashMap<String, String>();
    each(message, (field, value) -> {
      if (field == 9) {
        attribute(bytes(value), attributes);
      } else {
        fields.put(field, value);
      }
    });
    return new Span(hex(fields.get(1)), hex(fields.get(2)), hex(fields.getOrDefault(4, new byte[0])),
        text(fields.get(5)), Math.toIntExact(number(fields.get(6))), attributes);
  }

  private static void attribute(byte[] keyValue, Map<String, String> attributes) {
    var parts = new LinkedHashMap<Integer, Object>();
    each(keyValue, parts::put);
    each(bytes(parts.get(2)),
        (_, value) -> attributes.put(text(parts.get(1)), value instanceof byte[] ? text(value) : value.toString()));
  }

  private interface Field {
    void is(int number, Object value);
  }

  /** Numbers as Long, all else as bytes. */
  private static void each(byte[] message, Field field) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      int tag = (int) varint(in);
      Object value = switch (tag & 7) {
        case 0 -> varint(in);
        case 1 -> in.getLong();
        case 2 -> {
          var content = new byte[(int) varint(in)];
          in.get(content);
          yield content;
        }
        case 5 -> (long) in.getInt();
        default -> throw new AssertionError("no protobuf: tag " + tag);
      };
      field.is(tag >> 3, value);
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }

  private static byte[] bytes(@Nullable Object value) {
    return (byte[]) Objects.requireNonNull(value);
  }

  private static long number(@Nullable Object value) {
    return (Long) Objects.requireNonNull(value);
  }

  private static String text(@Nullable Object value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  private static String hex(@Nullable Object value) {
    return HexFormat.of().formatHex(bytes(value));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
