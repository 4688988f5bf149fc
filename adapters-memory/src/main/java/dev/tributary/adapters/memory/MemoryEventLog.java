package dev.tributary.adapters.memory;

import dev.tributary.application.Page;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The plain read. */
final class MemoryEventLog implements EventLog {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private final MemoryStore store;

  MemoryEventLog(MemoryStore store) {
    this.store = store;
  }

  @Override
  public List<LogEntry> read(Topic<?> topic, int partition, EntryId after, int limit) {
    Page.requireLimit(limit);
    return store.read(topic, partition, after, limit)
        .stream()
        .map(stored -> new LogEntry(stored.id(), stored.fields()))
        .toList();
  }

  @Override
  public Tail tail(Topic<?> topic, Map<Integer, EntryId> after) {
    return new Tail() {
      private final Map<Integer, EntryId> seen = new HashMap<>(after);

      @Override
      public Map<Integer, List<LogEntry>> next(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Map<Integer, List<LogEntry>> entries = read();
        while (entries.isEmpty() && System.nanoTime() < deadline) {
          store.awaitChange(LOOK_AGAIN);
          entries = read();
        }
        entries.forEach((partition, found) -> seen.put(partition, found.getLast().id()));
        return entries;
      }

      private Map<Integer, List<LogEntry>> read() {
        var found = new HashMap<Integer, List<LogEntry>>();
        seen.forEach((partition, last) -> found.put(partition,
            MemoryEventLog.this.read(topic, partition, last, Page.MOST)));
        found.values().removeIf(List::isEmpty);
        return found;
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }
}
