package dev.tributary.application;

import java.time.Duration;

/**
 * One consumer of a group, as the store knows it.
 *
 * @param pending deliveries that are its own
 * @param idle since its last sign of life
 */
public record ConsumerStatus(String consumer, long pending, Duration idle) {}
