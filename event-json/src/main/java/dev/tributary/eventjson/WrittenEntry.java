package dev.tributary.eventjson;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** An entry of a stream, whoever wrote it. */
public interface WrittenEntry {

  /** As they were written, in UTF-8 or not. */
  Map<String, byte[]> fields();

  /** A field as text; empty where it is missing. */
  default String text(String name) {
    byte[] value = fields().get(name);
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }

  /** What tells the entry from all others of its stream, for ever; of one that was appended again, its first id. */
  String originalId();

  Instant appendedAt();
}
