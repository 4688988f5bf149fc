package dev.tributary.adapters.memory;

import java.util.List;

/**
 * What a consumer got.
 *
 * @param lost entries that were deleted while they were pending
 * @param gaps in how many partitions the group had vanished and was made again
 */
record Taken(List<Held> deliveries, List<Stored> lost, long gaps) {

  /** How many it took over. */
  long claimed() {
    return deliveries.stream().filter(held -> held.origin() != Held.Origin.NEW).count();
  }
}
