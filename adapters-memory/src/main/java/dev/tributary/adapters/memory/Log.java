package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The entries of one topic, and its groups. Guarded by the store's lock. */
final class Log {

  private final List<Stored> entries = new ArrayList<>();
  private final Map<Group, GroupState> groups = new HashMap<>();

  record Stored(EntryId id, Recorded<?> event) {}

  EntryId append(Recorded<?> event, Instant now) {
    EntryId last = entries.isEmpty() ? EntryId.START : entries.getLast().id();
    long millis = Math.max(now.toEpochMilli(), last.millis());
    var id = new EntryId(millis, millis == last.millis() ? last.sequence() + 1 : 0);
    entries.add(new Stored(id, event));
    return id;
  }

  /** Every group starts at the first entry, whenever it starts. */
  GroupState group(Group group) {
    return groups.computeIfAbsent(group, _ -> new GroupState(entries));
  }

  List<Stored> after(EntryId after, int limit) {
    return entries.stream().filter(entry -> entry.id().compareTo(after) > 0).limit(limit).toList();
  }
}
