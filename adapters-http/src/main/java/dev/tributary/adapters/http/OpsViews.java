package dev.tributary.adapters.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.AuditLog.Deed;
import dev.tributary.application.ConsumerStatus;
import dev.tributary.application.DeadLetter;
import dev.tributary.application.GroupStatus;
import dev.tributary.application.PendingDelivery;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.LogEntry;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Streams, groups, deliveries and dead letters as operators see them. Every member is always there, null where there is nothing. */
final class OpsViews {

  private OpsViews() {}

  static ArrayNode streams(List<StreamStatus> streams) {
    ArrayNode list = Json.array();
    streams.forEach(stream -> list.add(stream(stream)));
    return list;
  }

  private static ObjectNode stream(StreamStatus stream) {
    ObjectNode json = Json.object()
        .put("stream", stream.stream())
        .put("partition", stream.partition())
        .put("length", stream.length())
        .put("firstId", stream.firstId().map(EntryId::toString).orElse(null))
        .put("lastId", stream.lastId().map(EntryId::toString).orElse(null));
    ArrayNode groups = json.putArray("groups");
    stream.groups().forEach(group -> groups.add(group(group)));
    return json;
  }

  private static ObjectNode group(GroupStatus group) {
    ObjectNode json = Json.object()
        .put("group", group.group())
        .put("lag", group.lag())
        .put("pending", group.pending())
        .put("retrying", group.retrying())
        .put("deadLetters", group.deadLetters())
        .put("oldestUnsettledAgeMs", group.oldestUnsettledAge().toMillis());
    ArrayNode consumers = json.putArray("consumers");
    group.consumers().forEach(consumer -> consumers.add(consumer(consumer)));
    return json;
  }

  private static ObjectNode consumer(ConsumerStatus consumer) {
    return Json.object()
        .put("consumer", consumer.consumer())
        .put("pending", consumer.pending())
        .put("idleMs", consumer.idle().toMillis());
  }

  static ObjectNode entry(LogEntry entry) {
    ObjectNode json = Json.object().put("id", entry.id().toString());
    json.set("fields", fields(entry.fields()));
    return json;
  }

  static ObjectNode pending(PendingDelivery delivery) {
    return Json.object()
        .put("id", delivery.id().toString())
        .put("consumer", delivery.consumer())
        .put("ageMs", delivery.age().toMillis())
        .put("attempts", delivery.attempts())
        .put("dueAt", delivery.dueAt().map(Instant::toString).orElse(null));
  }

  /** @param id what redrive and discard take */
  static ObjectNode deadLetter(String id, DeadLetter letter) {
    ObjectNode json = Json.object()
        .put("id", id)
        .put("entryId", letter.entryId().toString())
        .put("type", letter.type().orElse(null))
        .put("key", letter.key().orElse(null));
    json.set("event", event(letter.fields()));
    json.set("fields", fields(letter.fields()));
    return json.put("reason", letter.reason())
        .put("errorClass", letter.errorClass())
        .put("attempts", letter.attempts())
        .put("firstFailureAt", letter.firstFailureAt().toString())
        .put("lastFailureAt", letter.lastFailureAt().toString());
  }

  /** What cannot be read as an object stands in the fields, as it was written. */
  private static JsonNode event(Map<String, String> fields) {
    String text = fields.getOrDefault("event", "");
    try {
      JsonNode event = Json.parse(text.getBytes(StandardCharsets.UTF_8));
      return event.isObject() ? event : NullNode.instance;
    } catch (CharacterCodingException | JsonProcessingException _) {
      return NullNode.instance;
    }
  }

  static ObjectNode deed(Deed deed) {
    return Json.object()
        .put("id", deed.id().toString())
        .put("at", deed.at().toString())
        .put("who", deed.who())
        .put("action", deed.action())
        .put("target", deed.target())
        .put("result", deed.result());
  }

  private static ObjectNode fields(Map<String, String> fields) {
    ObjectNode json = Json.object();
    fields.forEach(json::put);
    return json;
  }
}
