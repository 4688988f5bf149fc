package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Group;
import dev.tributary.eventjson.Fields;
import dev.tributary.eventjson.WrittenEntry;
import java.time.Instant;
import java.util.Map;

/** An entry of a stream as Redis gives it. */
record Entry(String id, Map<String, byte[]> fields) implements WrittenEntry {

  /** The one group that an entry is for which was appended again for a redrive. */
  private static final String REDRIVE_GROUP = "redrive-group";
  /** The entry that it stands for. */
  private static final String REDRIVE_OF = "redrive-of";

  boolean isForAnotherThan(Group group) {
    return fields.containsKey(REDRIVE_GROUP) && !text(REDRIVE_GROUP).equals(group.name());
  }

  @Override
  public String originalId() {
    return fields.containsKey(REDRIVE_OF) ? text(REDRIVE_OF) : id;
  }

  /** When it was appended, as its id says; whoever gives ids of his own may say any number of 64 bits, so no later than the last instant. */
  @Override
  public Instant appendedAt() {
    long millis = Long.parseUnsignedLong(id.substring(0, id.indexOf('-')));
    return millis < 0 || millis > Fields.LAST_INSTANT.toEpochMilli()
        ? Fields.LAST_INSTANT
        : Instant.ofEpochMilli(millis);
  }
}
