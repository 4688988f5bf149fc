package dev.tributary.application;

import dev.tributary.domain.messaging.EntryId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A delivery that is not settled.
 *
 * @param id the entry's
 * @param consumer whose it is at the moment
 * @param age since the entry was appended
 * @param attempts that have failed so far
 * @param dueAt when its next attempt is due; empty while it is in hand
 */
public record PendingDelivery(EntryId id, String consumer, Duration age, int attempts, Optional<Instant> dueAt) {}
