package dev.tributary.faults;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Redis's protocol, as far as one must know it to tell where a value ends. */
final class Resp {

  private final InputStream in;

  Resp(InputStream in) {
    this.in = in;
  }

  /** @return the bytes of one whole value: a command, a reply or a push message */
  byte[] next() throws IOException {
    var value = new ByteArrayOutputStream();
    copyValue(value);
    return value.toByteArray();
  }

  private void copyValue(ByteArrayOutputStream to) throws IOException {
    byte[] line = line();
    to.writeBytes(line);
    switch (line[0]) {
      case '$', '=', '!' -> copyBytes(length(line), to);
      case '*', '>', '~' -> copyValues(length(line), to);
      case '%' -> copyValues(2 * length(line), to);
      default -> {
        // The line was all of it.
      }
    }
  }

  private void copyValues(int count, ByteArrayOutputStream to) throws IOException {
    for (int i = 0; i < count; i++) {
      copyValue(to);
    }
  }

  /** With the line end behind it; none where the length is negative, which stands for nothing. */
  private void copyBytes(int length, ByteArrayOutputStream to) throws IOException {
    if (length >= 0) {
      byte[] bytes = in.readNBytes(length + 2);
      if (bytes.length < length + 2) {
        throw new EOFException();
      }
      to.writeBytes(bytes);
    }
  }

  private byte[] line() throws IOException {
    var line = new ByteArrayOutputStream();
    int last = 0;
    for (int next = in.read(); last != '\r' || next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      line.write(next);
      last = next;
    }
    line.write('\n');
    return line.toByteArray();
  }

  private static int length(byte[] line) {
    return Integer.parseInt(new String(line, 1, line.length - 3, StandardCharsets.US_ASCII));
  }
}
