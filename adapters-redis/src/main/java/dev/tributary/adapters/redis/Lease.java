package dev.tributary.adapters.redis;

/**
 * What a consumer holds while an entry is its own: together with the consumer's name it is the fence that every script checks.
 *
 * @param deliveries how often Redis has handed the entry to a consumer; whoever takes it over has a greater number
 * @param fence the number of its partition's tenure where the group reads in order; whoever has the partition later has a greater number
 */
record Lease(String entryId, long deliveries, long fence) {

  /** Of a group whose consumers compete. */
  static final long NO_FENCE = 0;

  Lease(String entryId, long deliveries) {
    this(entryId, deliveries, NO_FENCE);
  }
}
