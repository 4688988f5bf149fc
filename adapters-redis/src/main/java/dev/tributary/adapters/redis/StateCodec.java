package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Aggregate;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.eventjson.Fields;
import dev.tributary.eventjson.Json;
import dev.tributary.eventjson.UndecodableException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** States as JSON. */
final class StateCodec {

  private static final Map<Aggregate<?>, StateFormat<?>> BY_AGGREGATE = Stream
      .of(UserFormats.STATES, OrderFormats.STATES, ReceiptFormats.STATES)
      .flatMap(List::stream)
      .collect(Collectors.toUnmodifiableMap(StateFormat::aggregate, Function.identity()));

  private StateCodec() {}

  static StateFormat<?> format(Aggregate<?> aggregate) {
    StateFormat<?> format = BY_AGGREGATE.get(aggregate);
    if (format == null) {
      throw new IllegalArgumentException("no format for " + aggregate.name());
    }
    return format;
  }

  static byte[] encode(Change<?> change) {
    StateFormat<?> format = format(change.key().aggregate());
    return Json.object(json -> format.write(change.state(), json));
  }

  /** @throws IllegalStateException if the stored bytes are not what we once wrote */
  static <S> S decode(StateKey<S> key, byte[] json) {
    try {
      Object state = format(key.aggregate()).reader().read(new Fields(Json.object(json)));
      return key.aggregate().type().cast(state);
    } catch (UndecodableException e) {
      throw new IllegalStateException("the stored state of " + key + " is broken: " + e.getMessage(), e);
    }
  }
}
