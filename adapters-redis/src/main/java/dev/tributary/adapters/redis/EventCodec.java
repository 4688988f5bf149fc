package dev.tributary.adapters.redis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.DerivedId;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.TraceParent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Events as entries of a stream. We write {@code id}, {@code type}, {@code key}, {@code timestamp}, {@code event} (JSON) and, where there is a
 * trace, {@code traceparent}. We also read what other producers write: just {@code event} and {@code timestamp}, or flat fields without
 * {@code event}.
 */
final class EventCodec {

  private static final Map<String, EventFormat<?>> BY_TYPE = Stream
      .concat(UserFormats.EVENTS.stream(), OrderFormats.EVENTS.stream())
      .collect(Collectors.toUnmodifiableMap(EventFormat::type, Function.identity()));

  private static final String TRACE = "traceparent";
  /** What an entry of ours has, in this order. */
  static final List<String> FIELDS = List.of("id", "type", "key", "timestamp", "event", TRACE);
  static final List<byte[]> FIELD_NAMES = FIELDS.stream().map(EventCodec::utf8).toList();
  private static final int UUID_LENGTH = 36;

  private EventCodec() {}

  /** The values of {@link #FIELDS}, in their order; the last one only where there is a trace. */
  static byte[][] encode(Recorded<?> recorded) {
    DomainEvent event = recorded.event();
    EventFormat<?> format = BY_TYPE.get(event.type());
    if (format == null) {
      throw new IllegalArgumentException("no format for " + event.type());
    }
    long timestamp = recorded.at().toEpochMilli();
    byte[] json = Json.object(out -> {
      out.writeStringField("type", event.type());
      format.write(event, out);
      out.writeNumberField("timestamp", timestamp);
    });
    byte[] id = utf8(recorded.id().toString());
    byte[] time = utf8(Long.toString(timestamp));
    return recorded.trace().isEmpty()
        ? new byte[][]{id, utf8(event.type()), utf8(event.key()), time, json}
        : new byte[][]{id, utf8(event.type()), utf8(event.key()), time, json, utf8(recorded.trace().get().toString())};
  }

  /**
   * @param wanted what the reader handles
   * @return empty for an event of another type
   * @throws UndecodableException for what is no event that anybody knows
   */
  static <E extends DomainEvent> Optional<Recorded<E>> decode(String stream, Entry entry, Class<E> wanted)
      throws UndecodableException {
    JsonNode body = body(entry);
    EventFormat<?> format = format(new Fields(body));
    if (!wanted.isAssignableFrom(format.event())) {
      return Optional.empty();
    }
    E event = wanted.cast(format.reader().read(new Fields(body)));
    return Optional.of(new Recorded<>(id(stream, entry), at(entry, body), event, TraceParent.parse(entry.text(TRACE))));
  }

  /** The id of an event that a reader handles; empty for others, and for what cannot be decoded. */
  static Optional<EventId> idOf(String stream, Entry entry, Class<? extends DomainEvent> wanted) {
    try {
      return decode(stream, entry, wanted).map(Recorded::id);
    } catch (UndecodableException _) {
      return Optional.empty();
    }
  }

  private static JsonNode body(Entry entry) throws UndecodableException {
    Optional<byte[]> event = entry.bytes("event");
    return event.isPresent() ? Json.object(event.get()) : flat(entry);
  }

  private static ObjectNode flat(Entry entry) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    entry.fields().forEach((name, _) -> body.put(name, entry.text(name)));
    return body;
  }

  private static EventFormat<?> format(Fields fields) throws UndecodableException {
    String type = fields.text("type");
    EventFormat<?> format = BY_TYPE.get(type);
    if (format == null) {
      throw new UndecodableException(type.isEmpty() ? "field type is empty" : "a type that nobody knows");
    }
    return format;
  }

  /** Another producer's id that is no UUID stands for one all the same; where there is none, the entry's place does. */
  private static EventId id(String stream, Entry entry) {
    String id = entry.text("id");
    if (isUuid(id)) {
      return new EventId(UUID.fromString(id));
    }
    return new EventId(
        id.isEmpty() ? DerivedId.of("entry", stream, entry.originalId()) : DerivedId.of("event", stream, id));
  }

  /** More strictly than UUID.fromString, which takes shorter ones; and without a pattern, for each event is asked. */
  private static boolean isUuid(String text) {
    for (int i = 0; i < text.length(); i++) {
      boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
      if (hyphen ? text.charAt(i) != '-' : !HexFormat.isHexDigit(text.charAt(i))) {
        return false;
      }
    }
    return text.length() == UUID_LENGTH;
  }

  private static Instant at(Entry entry, JsonNode body) throws UndecodableException {
    Optional<Instant> told = new Fields(body).instant("timestamp");
    if (told.isEmpty()) {
      told = new Fields(flat(entry)).instant("timestamp");
    }
    return told.orElseGet(entry::appendedAt);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
