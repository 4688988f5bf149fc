package dev.tributary.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The same entries, as one writes and reads them by hand: strings, and Jackson. */
final class Wire {

  static final String USERS = UserEvent.TOPIC.name();
  static final String GROUP = "bench";
  static final JsonMapper JSON = new JsonMapper();

  private Wire() {}

  record UserJson(String type, String userId, String email, String name, long timestamp) {}

  static Map<String, String> entry(Recorded<UserEvent> recorded) {
    try {
      var created = (UserCreated) recorded.event();
      long at = recorded.at().toEpochMilli();
      var entry = new LinkedHashMap<String, String>();
      entry.put("id", recorded.id().toString());
      entry.put("type", created.type());
      entry.put("key", created.key());
      entry.put("timestamp", Long.toString(at));
      entry.put("event",
          JSON.writeValueAsString(new UserJson(created.type(), created.userId().value(), created.email().value(),
              created.name().orElseThrow().value(), at)));
      return entry;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** @throws NullPointerException if the entry has no such field */
  static String field(Map<String, String> entry, String name) {
    return Objects.requireNonNull(entry.get(name), name);
  }

  static UserJson user(Map<String, String> entry) {
    try {
      return JSON.readValue(field(entry, "event"), UserJson.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }
}
