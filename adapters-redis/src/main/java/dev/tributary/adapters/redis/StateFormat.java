package dev.tributary.adapters.redis;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.domain.messaging.Aggregate;
import dev.tributary.eventjson.Fields;
import dev.tributary.eventjson.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one kind of state stands in JSON.
 *
 * @param listed where a new state is listed; empty for what is in no list
 */
record StateFormat<S>(Aggregate<S> aggregate, Fields.Reader<S> reader, Json.Writer<S> writer,
    Function<S, Optional<Listing>> listed) {

  /** @param member sorts the list, and ends with the state's id */
  record Listing(String list, String id, String member) {}

  StateFormat(Aggregate<S> aggregate, Fields.Reader<S> reader, Json.Writer<S> writer) {
    this(aggregate, reader, writer, _ -> Optional.empty());
  }

  void write(Object untyped, JsonGenerator json) throws IOException {
    writer.write(aggregate.type().cast(untyped), json);
  }

  Optional<Listing> listing(Object untyped) {
    return listed.apply(aggregate.type().cast(untyped));
  }
}
