package dev.tributary.eventjson;

import java.time.Instant;
import java.util.Map;

/** An entry of a stream, whoever wrote it. */
public interface WrittenEntry {

  /** As they were written, in UTF-8 or not. */
  Map<String, byte[]> fields();

  /** What tells the entry from all others of its stream, for ever; of one that was appended again, its first id. */
  String originalId();

  Instant appendedAt();
}
