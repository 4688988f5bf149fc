package dev.tributary.adapters.redis;

/**
 * One partition of a topic: a stream and all that changes together with it.
 *
 * @param number from 0
 * @param takeIn for new work, refused when memory is full
 * @param settle for the work of deliveries, which makes room
 */
record Partition(int number, Keys keys, GroupCommit takeIn, GroupCommit settle) {}
