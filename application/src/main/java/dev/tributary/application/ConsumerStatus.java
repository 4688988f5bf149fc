package dev.tributary.application;

import java.time.Duration;

/**
 * One consumer of a group, as the store knows it.
 *
 * @param pending deliveries that are its own
 * @param idle since its last sign of life
 * @param known whether it is one of our own: it has registered. What a stranger reads in a group's name, the group's handler never sees
 */
public record ConsumerStatus(String consumer, long pending, Duration idle, boolean known) {}
