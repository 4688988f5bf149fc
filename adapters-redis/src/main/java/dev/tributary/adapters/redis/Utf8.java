package dev.tributary.adapters.redis;

import java.nio.charset.StandardCharsets;

/** Texts as Redis is given them. */
final class Utf8 {

  private Utf8() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
