package dev.tributary.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Requests over some connections, each of which awaits its answer before it sends the next. Costs little itself: sockets, and no library. */
final class HttpLoad {

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int CREATED = 201;
  private static final int PATIENCE_MILLIS = 20_000;

  private HttpLoad() {}

  /** Milliseconds; and the first connection's last answer. */
  record Times(double perSecond, double p50, double p99, String last) {

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%,.0f/s, p50 %.2f ms, p99 %.2f ms", perSecond, p50, p99);
    }
  }

  /**
   * @param body of the request with that number
   * @throws IOException if an answer is any other than 201
   */
  static Times post(int port, String path, int connections, int requests, IntFunction<String> body) throws Exception {
    long[] nanos = new long[requests];
    String[] last = new String[connections];
    long begun = System.nanoTime();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> all = IntStream.range(0, connections)
          .mapToObj(client -> clients.submit(() -> {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
              socket.setTcpNoDelay(true);
              socket.setSoTimeout(PATIENCE_MILLIS);
              var answers = new BufferedInputStream(socket.getInputStream());
              for (int i = client; i < requests; i += connections) {
                byte[] request = request(path, body.apply(i));
                long sent = System.nanoTime();
                socket.getOutputStream().write(request);
                last[client] = answer(answers);
                nanos[i] = System.nanoTime() - sent;
              }
            }
            return null;
          }))
          .toList();
      for (Future<?> each : all) {
        each.get();
      }
    }
    double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
    Arrays.sort(nanos);
    return new Times(requests / seconds, nanos[requests / 2] / NANOS_PER_MILLI,
        nanos[requests * 99 / 100] / NANOS_PER_MILLI, last[0]);
  }

  /** @return whether the answer was 200 */
  static boolean isReady(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream()
          .write("GET /health/ready HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      return status(line(new BufferedInputStream(socket.getInputStream()))) == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private static byte[] request(String path, String body) {
    return ("POST " + path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
  }

  private static String answer(InputStream answers) throws IOException {
    int status = status(line(answers));
    int length = 0;
    for (String header = line(answers); !header.isEmpty(); header = line(answers)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring("content-length:".length()).strip());
      }
    }
    String body = new String(answers.readNBytes(length), StandardCharsets.UTF_8);
    if (status != CREATED) {
      throw new IOException("answered " + status + ": " + body);
    }
    return body;
  }

  private static int status(String line) throws IOException {
    if (!line.startsWith("HTTP/1.1 ")) {
      throw new IOException("no answer: " + line);
    }
    return Integer.parseInt(line.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
  }

  private static String line(InputStream answers) throws IOException {
    var line = new StringBuilder();
    for (int c = answers.read(); c != '\n'; c = answers.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
