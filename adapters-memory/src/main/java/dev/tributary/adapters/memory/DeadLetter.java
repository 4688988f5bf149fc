package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Recorded;
import java.time.Instant;

/** A delivery that its group gave up, and why. */
record DeadLetter(Recorded<?> event, String reason, int attempts, Instant lastFailureAt) {}
