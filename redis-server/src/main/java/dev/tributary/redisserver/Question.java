package dev.tributary.redisserver;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One command to a server on loopback, over a connection of its own: what it takes to set up a cluster, and no client. */
final class Question {

  private static final int ANSWERED_WITHIN_MILLIS = 5000;

  private Question() {}

  /**
   * @return the reply as text; of a list, a line for each element
   * @throws IOException if there is none within 5 s, or an error: the message is the server's
   */
  static String ask(int port, String... words) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWERED_WITHIN_MILLIS);
      socket.setSoTimeout(ANSWERED_WITHIN_MILLIS);
      socket.getOutputStream().write(encoded(words));
      return reply(new BufferedInputStream(socket.getInputStream()));
    }
  }

  private static byte[] encoded(String... words) {
    var command = new ByteArrayOutputStream();
    command.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      command.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
      command.writeBytes(bytes);
      command.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    return command.toByteArray();
  }

  private static String reply(InputStream in) throws IOException {
    String line = line(in);
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '-' -> throw new IOException(rest);
      case '$' -> bytes(in, Integer.parseInt(rest));
      case '*' -> list(in, Integer.parseInt(rest));
      default -> rest;
    };
  }

  private static String bytes(InputStream in, int length) throws IOException {
    if (length < 0) {
      return "";
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length || in.readNBytes(2).length < 2) {
      throw new EOFException("the server hung up");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String list(InputStream in, int count) throws IOException {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(reply(in));
    }
    return String.join("\n", elements);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server hung up");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }
}
