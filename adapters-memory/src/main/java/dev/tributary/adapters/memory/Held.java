package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Recorded;

/**
 * A delivery in a consumer's hand: its fence, and what was delivered.
 *
 * @param deliveries how often the entry was handed out; whoever takes it over has a greater number
 * @param failures how many attempts have failed so far
 */
record Held(Consumer consumer, EntryId entryId, long deliveries, int failures, Recorded<?> event) {

  int attempt() {
    return failures + 1;
  }
}
