package dev.tributary.adapters.gateways;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A real server on loopback that keeps each request byte for byte and answers as badly as it is told to. One request a connection. */
final class RawHttpServer implements AutoCloseable {

  /** Writes an answer; the connection is closed when it returns. */
  @FunctionalInterface
  interface Reply {
    void write(OutputStream out, CountDownLatch closed) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Reply reply;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> cut = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  RawHttpServer(Reply reply) throws IOException {
    this.reply = reply;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  static RawHttpServer answering(int status, String headers, String body) throws IOException {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String all = "HTTP/1.1 " + status + " Whatever\r\n" + headers + "Content-Length: " + length
        + "\r\nConnection: close\r\n\r\n" + body;
    return new RawHttpServer((out, _) -> out.write(all.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes the start of an answer, then nothing more. */
  static RawHttpServer hangingAfter(String start) throws IOException {
    return new RawHttpServer((out, closed) -> {
      out.write(start.getBytes(StandardCharsets.UTF_8));
      closed.await();
    });
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
  }

  /** Head and body of each, in order. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many connections the client closed while their answers were not complete. */
  int cut() {
    return cut.size();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      requests.add(read(connection.getInputStream()));
      Thread.ofVirtual().start(() -> watch(connection));
      reply.write(connection.getOutputStream(), closed);
    } catch (IOException _) {
      cut.add(connection);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(Socket connection) {
    try {
      if (connection.getInputStream().read() < 0) {
        cut.add(connection);
      }
    } catch (IOException _) {
      if (!connection.isClosed()) {
        cut.add(connection);
      }
    }
  }

  private static String read(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      head.append((char) next);
    }
    int length = head.toString()
        .lines()
        .filter(line -> line.startsWith("Content-Length: "))
        .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
        .findFirst()
        .orElse(0);
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
