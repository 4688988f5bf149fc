package dev.tributary.adapters.redis;

/**
 * One partition of a topic: a stream and all that changes together with it.
 *
 * @param number from 0
 * @param takeIn for new work, refused when memory is full
 */
record Partition(int number, Keys keys, GroupCommit<Commit> takeIn) {}
