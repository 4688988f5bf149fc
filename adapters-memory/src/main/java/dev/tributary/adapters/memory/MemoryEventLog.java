package dev.tributary.adapters.memory;

import dev.tributary.application.Page;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.util.List;

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
  public Tail tail(Topic<?> topic, int partition, EntryId after) {
    return new Tail() {
      private EntryId seen = after;

      @Override
      public List<LogEntry> next(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        List<LogEntry> entries = read(topic, partition, seen, Page.MOST);
        while (entries.isEmpty() && System.nanoTime() < deadline) {
          store.awaitChange(LOOK_AGAIN);
          entries = read(topic, partition, seen, Page.MOST);
        }
        seen = entries.isEmpty() ? seen : entries.getLast().id();
        return entries;
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }
}
