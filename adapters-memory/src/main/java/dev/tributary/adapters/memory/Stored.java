package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Recorded;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** An entry of a log. */
record Stored(EntryId id, Recorded<?> event) {

  /** What marks that it was handled: the event, not the entry, which may stand in the log twice. */
  UUID cause() {
    return event.id().value();
  }

  /** As a real log shows it. There is no JSON here: the field {@code event} shows the event in Java's words. */
  Map<String, String> fields() {
    var fields = new LinkedHashMap<String, String>();
    fields.put("id", event.id().toString());
    fields.put("type", event.event().type());
    fields.put("key", event.event().key());
    fields.put("timestamp", Long.toString(event.at().toEpochMilli()));
    fields.put("event", event.event().toString());
    event.trace().ifPresent(trace -> fields.put("traceparent", trace.toString()));
    return Collections.unmodifiableMap(fields);
  }
}
