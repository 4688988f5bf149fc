package dev.tributary.eventjson;

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
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Events as entries of a stream. We write {@link EntryFields}, and the event itself as JSON in one of them. We also read what other producers
 * write: just {@code event} and {@code timestamp}, or flat fields without {@code event}.
 */
public final class EventCodec {

  private static final Map<String, EventFormat<?>> BY_TYPE = Stream
      .concat(UserEventFormats.ALL.stream(), OrderEventFormats.ALL.stream())
      .collect(Collectors.toUnmodifiableMap(EventFormat::type, Function.identity()));

  private static final int UUID_LENGTH = 36;

  private EventCodec() {}

  /**
   * The values of {@link EntryFields#ALL}, in their order; the last one only where there is a trace.
   *
   * @throws IllegalArgumentException for an event of no stream
   */
  public static byte[][] encode(Recorded<?> recorded) {
    DomainEvent event = recorded.event();
    EventFormat<?> format = BY_TYPE.get(event.type());
    if (format == null) {
      throw new IllegalArgumentException("no format for " + event.type());
    }
    long timestamp = recorded.at().toEpochMilli();
    byte[] json = Json.object(out -> {
      out.writeStringField(EntryFields.TYPE, event.type());
      format.write(event, out);
      out.writeNumberField(EntryFields.TIMESTAMP, timestamp);
    });
    byte[] id = utf8(recorded.id().toString());
    byte[] time = utf8(Long.toString(timestamp));
    return recorded.trace().isEmpty()
        ? new byte[][]{id, utf8(event.type()), utf8(event.key()), time, json}
        : new byte[][]{id, utf8(event.type()), utf8(event.key()), time, json, utf8(recorded.trace().get().toString())};
  }

  /**
   * An entry as a plain reader of a stream sees it: what {@link #encode} writes, under its names and in its order.
   *
   * @throws IllegalArgumentException for an event of no stream
   */
  public static Map<String, String> texts(Recorded<?> recorded) {
    byte[][] values = encode(recorded);
    var texts = new LinkedHashMap<String, String>();
    for (int i = 0; i < values.length; i++) {
      texts.put(EntryFields.ALL.get(i), new String(values[i], StandardCharsets.UTF_8));
    }
    return Collections.unmodifiableMap(texts);
  }

  /**
   * @param wanted what the reader handles
   * @return empty for an event of another type
   * @throws UndecodableException for what is no event that anybody knows
   */
  public static <E extends DomainEvent> Optional<Recorded<E>> decode(String stream, WrittenEntry entry, Class<E> wanted)
      throws UndecodableException {
    JsonNode body = body(entry);
    EventFormat<?> format = format(new Fields(body));
    if (!wanted.isAssignableFrom(format.event())) {
      return Optional.empty();
    }
    E event = wanted.cast(format.reader().read(new Fields(body)));
    return Optional.of(
        new Recorded<>(id(stream, entry), at(entry, body), event, TraceParent.parse(entry.text(EntryFields.TRACE))));
  }

  /** The id of an event that a reader handles; empty for others, and for what cannot be decoded. */
  public static Optional<EventId> idOf(String stream, WrittenEntry entry, Class<? extends DomainEvent> wanted) {
    try {
      return decode(stream, entry, wanted).map(Recorded::id);
    } catch (UndecodableException _) {
      return Optional.empty();
    }
  }

  private static JsonNode body(WrittenEntry entry) throws UndecodableException {
    Optional<byte[]> event = Optional.ofNullable(entry.fields().get(EntryFields.EVENT));
    return event.isPresent() ? Json.object(event.get()) : flat(entry);
  }

  private static ObjectNode flat(WrittenEntry entry) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    entry.fields().forEach((name, value) -> body.put(name, new String(value, StandardCharsets.UTF_8)));
    return body;
  }

  private static EventFormat<?> format(Fields fields) throws UndecodableException {
    String type = fields.text(EntryFields.TYPE);
    EventFormat<?> format = BY_TYPE.get(type);
    if (format == null) {
      throw new UndecodableException(type.isEmpty() ? "field type is empty" : "a type that nobody knows");
    }
    return format;
  }

  /** Another producer's id that is no UUID stands for one all the same; where there is none, the entry's place does. */
  private static EventId id(String stream, WrittenEntry entry) {
    String id = entry.text(EntryFields.ID);
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

  /** A time that cannot be read counts as missing: it is no reason to give an event up. */
  private static Instant at(WrittenEntry entry, JsonNode body) {
    return new Fields(body).instant(EntryFields.TIMESTAMP)
        .or(() -> Fields.instantOf(entry.text(EntryFields.TIMESTAMP)))
        .orElseGet(entry::appendedAt);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
