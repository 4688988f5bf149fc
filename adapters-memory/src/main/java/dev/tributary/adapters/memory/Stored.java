package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.eventjson.EventCodec;
import java.util.Map;
import java.util.UUID;

/** An entry of a log. */
record Stored(EntryId id, Recorded<?> event) {

  /** What marks that it was handled: the event, not the entry, which may stand in the log twice. */
  UUID cause() {
    return event.id().value();
  }

  /** As a real log shows it: nobody but a reader of the log needs it so. */
  Map<String, String> fields() {
    return EventCodec.texts(event);
  }
}
