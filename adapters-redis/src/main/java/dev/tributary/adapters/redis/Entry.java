package dev.tributary.adapters.redis;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry of a stream as Redis gives it. */
record Entry(String id, Map<String, byte[]> fields) {

  @Nullable
  byte[] bytes(String name) {
    return fields.get(name);
  }

  /** Empty where the field is missing. */
  String text(String name) {
    byte[] value = fields.get(name);
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }

  long millis() {
    return Long.parseLong(id.substring(0, id.indexOf('-')));
  }
}
