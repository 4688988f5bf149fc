package dev.tributary.adapters.redis;

import dev.tributary.application.Page;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Topic;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads streams without a group. */
final class RedisEventLog implements EventLog {

  /** Whatever changes a stream rings, acknowledgements too. */
  private static final Duration GATHERED_FOR = Duration.ofMillis(20);

  private final Connections connections;
  private final Partitions partitions;

  RedisEventLog(Connections connections, Partitions partitions) {
    this.connections = connections;
    this.partitions = partitions;
  }

  @Override
  public List<LogEntry> read(Topic<?> topic, int partition, EntryId after, int limit) {
    Page.requireLimit(limit);
    return entries(new Pages(connections, partitions.of(topic, partition).keys().stream())
        .read(after.toString(), Range.Boundary.unbounded(), limit));
  }

  @Override
  public Tail tail(Topic<?> topic, Map<Integer, EntryId> after) {
    Map<String, Integer> numbers = after.keySet()
        .stream()
        .collect(Collectors.toMap(number -> partitions.of(topic, number).keys().stream(), number -> number));
    // Where Redis is away, it is said now.
    connections.shared();
    return new RungTail(topic, after, numbers, connections.bell(topic.name(), Set.copyOf(numbers.keySet())));
  }

  private static List<LogEntry> entries(List<StreamMessage<String, byte[]>> messages) {
    return messages.stream()
        .map(message -> new LogEntry(EntryId.parse(message.getId()), text(message.getBody())))
        .toList();
  }

  private static Map<String, String> text(Map<String, byte[]> body) {
    var fields = new LinkedHashMap<String, String>();
    body.forEach((name, value) -> fields.put(name, new String(value, StandardCharsets.UTF_8)));
    return fields;
  }

  /** Reads when it is rung: a read that blocks would need a connection for each partition of a cluster. */
  private final class RungTail implements Tail {

    private final Topic<?> topic;
    private final Map<Integer, EntryId> after;
    private final Map<String, Integer> numbers;
    private final Bell bell;
    private final Set<Integer> toRead = new HashSet<>();
    private long readAll = System.nanoTime();

    /** @param numbers of the partitions, by their streams */
    RungTail(Topic<?> topic, Map<Integer, EntryId> after, Map<String, Integer> numbers, Bell bell) {
      this.topic = topic;
      this.after = new HashMap<>(after);
      this.numbers = numbers;
      this.bell = bell;
    }

    @Override
    public Map<Integer, List<LogEntry>> next(Duration atMost) throws InterruptedException {
      long deadline = System.nanoTime() + atMost.toNanos();
      Map<Integer, List<LogEntry>> found;
      do {
        hear(Math.min(readAll, deadline) - System.nanoTime());
        found = read();
      } while (found.isEmpty() && deadline - System.nanoTime() > 0);
      return found;
    }

    private void hear(long nanos) throws InterruptedException {
      Set<String> rung = bell.await(Duration.ofNanos(toRead.isEmpty() ? Math.max(0, nanos) : 0));
      if (!rung.isEmpty()) {
        Thread.sleep(GATHERED_FOR);
      }
      rung.forEach(stream -> toRead.add(numbers.get(stream)));
      if (readAll - System.nanoTime() <= 0) {
        toRead.addAll(numbers.values());
        readAll = System.nanoTime() + Bell.LONGEST_SILENCE.toNanos();
      }
    }

    private Map<Integer, List<LogEntry>> read() {
      var found = new HashMap<Integer, List<LogEntry>>();
      after.forEach((partition, last) -> {
        if (toRead.contains(partition)) {
          found.put(partition, RedisEventLog.this.read(topic, partition, last, Page.MOST));
        }
      });
      found.values().removeIf(List::isEmpty);
      // Once all was read: where it fails midway, nothing counts as returned.
      found.forEach((partition, entries) -> after.put(partition, entries.getLast().id()));
      toRead.retainAll(found.keySet());
      return found;
    }

    @Override
    public void close() {
      bell.close();
    }
  }
}
