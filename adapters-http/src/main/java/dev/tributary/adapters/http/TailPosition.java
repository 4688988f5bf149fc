package dev.tributary.adapters.http;

import dev.tributary.domain.messaging.EntryId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a tail has come in each of its partitions. As text: the last entry of each, in the order of the partitions, with commas between. For one
 * thread.
 */
final class TailPosition {

  /** The text is an id of server-sent events, which clients send back in a header. */
  static final int MOST_PARTITIONS = 256;

  private final Map<Integer, EntryId> last;

  TailPosition(Map<Integer, EntryId> last) {
    this.last = new TreeMap<>(last);
  }

  /**
   * @param text of a position in as many partitions, or one id for all of them: ids are times
   * @param partitions in their order
   * @throws IllegalArgumentException if it is neither
   */
  static TailPosition parse(String text, List<Integer> partitions) {
    List<EntryId> ids = Stream.of(text.split(",", -1)).map(EntryId::parse).toList();
    List<EntryId> each = ids.size() == 1 ? Collections.nCopies(partitions.size(), ids.getFirst()) : ids;
    if (each.size() != partitions.size()) {
      throw new IllegalArgumentException("a position in " + ids.size() + " partitions, not " + partitions.size());
    }
    var last = new TreeMap<Integer, EntryId>();
    for (int i = 0; i < each.size(); i++) {
      last.put(partitions.get(i), each.get(i));
    }
    return new TailPosition(last);
  }

  void pass(int partition, EntryId id) {
    last.put(partition, id);
  }

  Map<Integer, EntryId> last() {
    return Collections.unmodifiableMap(last);
  }

  @Override
  public String toString() {
    return last.values().stream().map(EntryId::toString).collect(Collectors.joining(","));
  }
}
