package dev.tributary.adapters.redis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.application.DeadLetter;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.eventjson.EntryFields;
import dev.tributary.eventjson.Json;
import dev.tributary.eventjson.UndecodableException;
import io.lettuce.core.StreamMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A dead letter as {@code dead_letter.lua} writes it. */
final class LetterFields {

  private static final String RAW = "raw:";

  private final String id;
  private final Map<String, String> own = new LinkedHashMap<>();
  private final Map<String, String> raw = new LinkedHashMap<>();

  LetterFields(StreamMessage<String, byte[]> message) {
    id = message.getId();
    message.getBody().forEach((name, value) -> {
      String text = new String(value, StandardCharsets.UTF_8);
      if (name.startsWith(RAW)) {
        raw.put(name.substring(RAW.length()), text);
      } else {
        own.put(name, text);
      }
    });
  }

  DeadLetter toDeadLetter() {
    Optional<JsonNode> event = event();
    return new DeadLetter(EntryId.parse(id), entryId(), first(event, EntryFields.TYPE),
        first(event, EntryFields.KEY, "orderId", "userId"), raw, own.getOrDefault("reason", ""),
        own.getOrDefault("errorClass", ""),
        (int) number("attempts"), Instant.ofEpochMilli(number("firstFailureAt")),
        Instant.ofEpochMilli(number("lastFailureAt")));
  }

  private Optional<JsonNode> event() {
    try {
      String json = raw.get(EntryFields.EVENT);
      return json == null ? Optional.empty() : Optional.of(Json.object(Utf8.bytes(json)));
    } catch (UndecodableException _) {
      return Optional.empty();
    }
  }

  /** What the entry says, in a field or in its JSON. */
  private Optional<String> first(Optional<JsonNode> event, String... names) {
    return Stream.of(names)
        .flatMap(name -> Stream.concat(Optional.ofNullable(raw.get(name)).stream(),
            event.map(json -> json.path(name)).filter(JsonNode::isValueNode).map(JsonNode::asText).stream()))
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  /** Anybody may append to the stream of dead letters; one that names no entry must not hide the others. */
  private EntryId entryId() {
    try {
      return EntryId.parse(own.getOrDefault("entryId", ""));
    } catch (IllegalArgumentException _) {
      return EntryId.START;
    }
  }

  private long number(String name) {
    try {
      return Long.parseLong(own.getOrDefault(name, "0"));
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
