package dev.tributary.domain.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plain read of a topic: for eyes and tools. It has no group, settles nothing, and keeps no position. Partitions count
 * from 0; one that there is none of throws IllegalArgumentException.
 */
public interface EventLog {

  /**
   * @param after exclusive; {@link EntryId#START} reads from the first
   * @param limit 1–200
   * @return oldest first; fewer than the limit also where entries are very large; empty only where nothing follows
   */
  List<LogEntry> read(Topic<?> topic, int partition, EntryId after, int limit);

  /** Empty where there is no such entry, or no longer. */
  default Optional<LogEntry> find(Topic<?> topic, int partition, EntryId id) {
    return id.equals(EntryId.START)
        ? Optional.empty()
        : read(topic, partition, id.previous(), 1).stream().filter(entry -> entry.id().equals(id)).findFirst();
  }

  /**
   * Follows partitions of a topic. Each tail may hold a connection until it is closed.
   *
   * @param after of each partition that is to be followed, exclusive
   */
  Tail tail(Topic<?> topic, Map<Integer, EntryId> after);

  /** Not for use by several threads at once. */
  interface Tail extends AutoCloseable {

    /**
     * Waits for entries behind those that it returned before.
     *
     * @param atMost how long, to the millisecond, more than zero
     * @return of each partition that has some, oldest first, at most 200; empty when nothing came in time
     */
    Map<Integer, List<LogEntry>> next(Duration atMost) throws InterruptedException;

    @Override
    void close();
  }
}
