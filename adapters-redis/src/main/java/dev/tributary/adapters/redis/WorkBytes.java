package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Work;
import dev.tributary.eventjson.EntryFields;
import dev.tributary.eventjson.EventCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a work changes and emits, encoded by whoever brings it: what cannot be encoded fails alone.
 *
 * @param events of each the values of {@link EntryFields#ALL}
 */
record WorkBytes(List<State> states, List<byte[][]> events) {

  static final WorkBytes NONE = new WorkBytes(List.of(), List.of());

  boolean isNone() {
    return states.isEmpty() && events.isEmpty();
  }

  /**
   * Never compared.
   *
   * @param lifetime in ms; 0 for ever
   */
  @SuppressWarnings("ArrayRecordComponent")
  record State(String key, long expectedVersion, byte[] json, long lifetime, Optional<Listed> listed) {}

  record Listed(String key, String member) {}

  static WorkBytes of(Keys keys, Work work) {
    return work.isNone()
        ? NONE
        : new WorkBytes(work.changes().stream().map(change -> state(keys, change)).toList(),
            work.events().stream().map(EventCodec::encode).toList());
  }

  private static State state(Keys keys, Change<?> change) {
    StateFormat<?> format = StateCodec.format(change.key().aggregate());
    Optional<Listed> listed = change.expectedVersion() > 0
        ? Optional.empty()
        : format.listing(change.state())
            .map(listing -> new Listed(keys.list(listing.list(), listing.id()), listing.member()));
    long lifetime = change.key().aggregate().lifetime().map(Duration::toMillis).orElse(0L);
    return new State(keys.state(change.key()), change.expectedVersion(), StateCodec.encode(change), lifetime, listed);
  }
}
