package dev.tributary.adapters.redis;

import dev.tributary.application.Page;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Topic;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads streams without a group. */
final class RedisEventLog implements EventLog {

  private static final Duration LONGEST_BLOCK = Duration.ofSeconds(2);

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
  public Tail tail(Topic<?> topic, int partition, EntryId after) {
    return new StreamTail(connections.tailing(LONGEST_BLOCK), partitions.of(topic, partition).keys().stream(), after);
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

  /** Its connection is its own: a read that blocks would hold up everybody else's commands. */
  private static final class StreamTail implements Tail {

    private final Link link;
    private final String stream;
    private EntryId after;

    StreamTail(Link link, String stream, EntryId after) {
      this.link = link;
      this.stream = stream;
      this.after = after;
    }

    @Override
    public List<LogEntry> next(Duration atMost) throws InterruptedException {
      long deadline = System.nanoTime() + atMost.toNanos();
      List<LogEntry> entries = List.of();
      for (long left = atMost.toMillis(); entries.isEmpty()
          && left > 0; left = Duration.ofNanos(deadline - System.nanoTime()).toMillis()) {
        entries = block(Math.min(left, LONGEST_BLOCK.toMillis()));
      }
      return entries;
    }

    @SuppressWarnings("unchecked")
    private List<LogEntry> block(long millis) throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      List<LogEntry> entries = entries(Connections.result(link.commands()
          .xread(XReadArgs.Builder.block(millis).count(Page.MOST),
              XReadArgs.StreamOffset.from(stream, after.toString()))));
      if (!entries.isEmpty()) {
        after = entries.getLast().id();
      }
      return entries;
    }

    @Override
    public void close() {
      link.connection().close();
    }
  }
}
