package dev.tributary.adapters.http;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Partitioning;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An entry, or a dead letter. Ids are unique within a partition only: where there are several, the partition stands in front, {@code 3:1-0}. */
record Place(int partition, EntryId id) {

  private static final Pattern NAMED = Pattern.compile("(\\d{1,4}):(.*)");

  String text(Partitioning partitioning) {
    return partitioning.count() == 1 ? id.toString() : partition + ":" + id;
  }

  /**
   * @param known the partition that it must be of; where it is empty and there are several, the text must name one
   * @throws IllegalArgumentException with a message fit for clients
   */
  static Place parse(String text, Optional<Integer> known, Partitioning partitioning) {
    Matcher named = NAMED.matcher(text);
    if (!named.matches()) {
      return new Place(known.orElseGet(() -> only(partitioning)), EntryId.parse(text));
    }
    int partition = Integer.parseInt(named.group(1));
    require(partition < partitioning.count(), "is of a partition that does not exist");
    require(known.isEmpty() || known.get() == partition, "is of another partition than the one that is given");
    return new Place(partition, EntryId.parse(named.group(2)));
  }

  private static int only(Partitioning partitioning) {
    require(partitioning.count() == 1,
        "must have its partition in front, as in 0:1795449311044-0, unless one is given for all");
    return 0;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
