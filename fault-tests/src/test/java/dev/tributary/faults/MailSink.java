package dev.tributary.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Takes every mail, and remembers whom it was for and what its Message-ID was. */
final class MailSink implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  private final Map<String, Set<String>> messageIds = new ConcurrentHashMap<>();

  MailSink() throws IOException {
    Thread.ofVirtual().start(this::acceptOn);
  }

  String url() {
    return "smtp://127.0.0.1:" + server.getLocalPort();
  }

  /** Distinct Message-IDs by recipient. */
  Map<String, Set<String>> messageIds() {
    return messageIds;
  }

  private void acceptOn() {
    try {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = client.getOutputStream()) {
      say(out, "220 sink");
      String recipient = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String command = line.toUpperCase(Locale.ROOT);
        if (command.startsWith("RCPT TO:")) {
          recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
          say(out, "250 ok");
        } else if (command.equals("DATA")) {
          say(out, "354 go on");
          String id = readMail(in);
          messageIds.computeIfAbsent(recipient, _ -> ConcurrentHashMap.newKeySet()).add(id);
          say(out, "250 taken");
        } else {
          say(out, command.equals("QUIT") ? "221 bye" : "250 ok");
        }
      }
    } catch (IOException _) {
      // The process was killed.
    }
  }

  /** @return its Message-ID */
  private static String readMail(BufferedReader in) throws IOException {
    String id = "";
    for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
      if (line == null) {
        throw new IOException("ended within a mail");
      }
      if (line.toLowerCase(Locale.ROOT).startsWith("message-id:")) {
        id = line.substring("message-id:".length()).strip();
      }
    }
    return id;
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
