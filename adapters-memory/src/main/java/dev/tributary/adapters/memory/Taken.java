package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.EntryId;
import java.util.List;

/**
 * What a consumer got.
 *
 * @param lost entries that were deleted while they were pending
 * @param parked what became a dead letter behind another of its key
 * @param gaps in how many partitions the group had vanished and was made again
 */
record Taken(List<Held> deliveries, List<Stored> lost, List<Parked> parked, long gaps) {

  /** @param behind the entry of the dead letter before it */
  record Parked(Held held, EntryId behind) {}

  /** How many it took over. */
  long claimed() {
    return deliveries.stream().filter(held -> held.origin() != Held.Origin.NEW).count();
  }
}
