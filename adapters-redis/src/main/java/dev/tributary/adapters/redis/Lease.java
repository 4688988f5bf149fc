package dev.tributary.adapters.redis;

/**
 * What a consumer holds while an entry is its own: together with the consumer's name it is the fence that every script checks.
 *
 * @param deliveries how often Redis has handed the entry to a consumer; whoever takes it over has a greater number
 */
record Lease(String entryId, long deliveries) {}
