package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.EntryId;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.util.ArrayList;
import java.util.List;

/** Reads parts of streams, in growing steps: an entry may be as large as its writer likes, and a page of them has to fit into memory. */
record Pages(Connections connections, String stream) {

  /** Redis calls it an error to ask for what is behind it. */
  private static final String GREATEST = EntryId.GREATEST.toString();
  private static final int FIRST_STEP = 4;
  private static final int GROWTH = 4;
  /** Of names and values, in bytes: 4 MiB. */
  private static final long ENOUGH = 4L * 1024 * 1024;

  /**
   * @param after exclusive
   * @return oldest first, as many as asked for, or fewer where they are large; empty only where nothing follows
   */
  List<StreamMessage<String, byte[]>> read(String after, Range.Boundary<String> end, int limit) {
    var page = new ArrayList<StreamMessage<String, byte[]>>();
    String last = after;
    long bytes = 0;
    int step = FIRST_STEP;
    int asked = 0;
    while (page.size() == asked && asked < limit && bytes < ENOUGH && !last.equals(GREATEST)) {
      int count = Math.min(step, limit - asked);
      var range = Range.from(Range.Boundary.excluding(last), end);
      List<StreamMessage<String, byte[]>> found = connections
          .ask(redis -> redis.xrange(stream, range, Limit.from(count)));
      page.addAll(found);
      bytes += found.stream().mapToLong(Pages::size).sum();
      last = page.isEmpty() ? last : page.getLast().getId();
      asked += count;
      step *= GROWTH;
    }
    return page;
  }

  private static long size(StreamMessage<String, byte[]> message) {
    return message.getBody()
        .entrySet()
        .stream()
        .mapToLong(field -> field.getKey().length() + (long) field.getValue().length)
        .sum();
  }
}
