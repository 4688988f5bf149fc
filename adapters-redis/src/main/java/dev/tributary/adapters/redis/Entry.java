package dev.tributary.adapters.redis;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** An entry of a stream as Redis gives it. */
record Entry(String id, Map<String, byte[]> fields) {

  Optional<byte[]> bytes(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** Empty where the field is missing. */
  String text(String name) {
    return bytes(name).map(value -> new String(value, StandardCharsets.UTF_8)).orElse("");
  }

  long millis() {
    return Long.parseLong(id.substring(0, id.indexOf('-')));
  }
}
