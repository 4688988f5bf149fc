package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.EntryId;
import java.time.Instant;

/** Gives out ids, each greater than the one before, also where the clock goes back. Guarded by the store's lock. */
final class EntryIds {

  private EntryId last = EntryId.START;

  EntryId next(Instant now) {
    long millis = Math.max(now.toEpochMilli(), last.millis());
    last = new EntryId(millis, millis == last.millis() ? last.sequence() + 1 : 0);
    return last;
  }
}
