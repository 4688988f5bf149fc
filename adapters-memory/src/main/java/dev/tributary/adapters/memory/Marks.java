package dev.tributary.adapters.memory;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** What was done once and must not be done again, oldest first. Guarded by the store's lock. */
final class Marks {

  private final Map<UUID, Instant> made = new LinkedHashMap<>();

  boolean has(UUID cause) {
    return made.containsKey(cause);
  }

  /** @return false if it was there before; it keeps its time then */
  boolean add(UUID cause, Instant now) {
    return made.putIfAbsent(cause, now) == null;
  }

  void forgetBefore(Instant horizon) {
    var oldest = made.values().iterator();
    while (oldest.hasNext() && oldest.next().isBefore(horizon)) {
      oldest.remove();
    }
  }
}
