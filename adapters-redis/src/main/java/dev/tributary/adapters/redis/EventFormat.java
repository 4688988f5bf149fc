package dev.tributary.adapters.redis;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.domain.DomainEvent;
import java.io.IOException;

/** How one type of event stands in JSON: the payload's fields, flat, beside {@code type} and {@code timestamp}. */
record EventFormat<E extends DomainEvent>(String type, Class<E> event, Reader<E> reader, Writer<E> writer) {

  @FunctionalInterface
  interface Reader<T> {
    T read(Fields fields) throws UndecodableException;
  }

  @FunctionalInterface
  interface Writer<T> {
    void write(T value, JsonGenerator json) throws IOException;
  }

  /** @param untyped an event of this format's type */
  void write(DomainEvent untyped, JsonGenerator json) throws IOException {
    writer.write(event.cast(untyped), json);
  }
}
