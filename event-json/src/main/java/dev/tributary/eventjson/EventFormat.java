package dev.tributary.eventjson;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.domain.DomainEvent;
import java.io.IOException;

/** How one type of event stands in JSON: the payload's fields, flat, beside {@code type} and {@code timestamp}. */
record EventFormat<E extends DomainEvent>(String type, Class<E> event, Fields.Reader<E> reader,
    Json.Writer<E> writer) {

  /** @param untyped an event of this format's type */
  void write(DomainEvent untyped, JsonGenerator json) throws IOException {
    writer.write(event.cast(untyped), json);
  }
}
