package dev.tributary.adapters.gateways;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server on loopback that says what its script says, which GreenMail would not. */
final class ScriptedSmtpServer implements AutoCloseable {

  /** Instead of a reply: says nothing more. */
  static final String HANG = "hang";
  /** Instead of a reply: closes the connection. */
  static final String CLOSE = "close";

  private static final Map<String, String> POLITE = Map.of("GREETING", "220 ready", "EHLO", "250 here", "MAIL",
      "250 ok", "RCPT", "250 ok", "DATA", "354 go on", ".", "250 taken", "QUIT", "221 bye", "RSET", "250 ok");

  private final Map<String, String> script = new HashMap<>(POLITE);
  private final ServerSocket socket;
  private final @Nullable SSLContext tls;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** @param script replies by the first word of a line; GREETING is the one before all */
  ScriptedSmtpServer(Map<String, String> script) throws IOException {
    this(script, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), null);
  }

  /** @param tls used after a STARTTLS that the script answers with 220 */
  ScriptedSmtpServer(Map<String, String> script, ServerSocket socket, @Nullable SSLContext tls) {
    this.script.putAll(script);
    this.socket = socket;
    this.tls = tls;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** All that clients sent. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** How many conversations are over. */
  int ended() {
    return ended.get();
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
      if (reply(connection.getOutputStream(), "GREETING")) {
        converse(connection);
      }
    } catch (IOException _) {
      // The client went away.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      ended.incrementAndGet();
    }
  }

  private void converse(Socket connection) throws IOException, InterruptedException {
    var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    boolean data = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      lines.add(line);
      String word = line.split(" ", 2)[0];
      if (data && !word.equals(".")) {
        continue;
      }
      if (!reply(connection.getOutputStream(), word)) {
        return;
      }
      data = word.equals("DATA") && script.getOrDefault(word, "").startsWith("354");
      if (word.equals("STARTTLS")) {
        converse(secured(connection));
        return;
      }
    }
  }

  private Socket secured(Socket connection) throws IOException {
    if (tls == null) {
      throw new IOException("no TLS here");
    }
    var secured = (SSLSocket) tls.getSocketFactory().createSocket(connection, null, connection.getPort(), true);
    secured.setUseClientMode(false);
    secured.startHandshake();
    script.put("EHLO", script.getOrDefault("EHLO over TLS", "250 here"));
    return secured;
  }

  private boolean reply(OutputStream out, String word) throws IOException, InterruptedException {
    String reply = script.getOrDefault(word, "500 what?");
    if (reply.equals(HANG)) {
      closed.await();
    }
    if (reply.equals(HANG) || reply.equals(CLOSE)) {
      return false;
    }
    out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    return true;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
