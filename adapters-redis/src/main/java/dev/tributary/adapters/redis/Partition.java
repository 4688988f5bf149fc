package dev.tributary.adapters.redis;

/**
 * A stream and all that changes together with it.
 *
 * @param takeIn for new work, refused when memory is full
 * @param settle for the work of deliveries, which makes room
 */
record Partition(Keys keys, GroupCommit takeIn, GroupCommit settle) {}
