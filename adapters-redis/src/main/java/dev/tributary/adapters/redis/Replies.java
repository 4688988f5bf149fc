package dev.tributary.adapters.redis;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what scripts reply: texts are bytes, tables are lists. */
final class Replies {

  private Replies() {}

  static String text(Object reply) {
    return new String((byte[]) reply, StandardCharsets.UTF_8);
  }

  static List<?> list(Object reply) {
    return (List<?>) reply;
  }

  static List<String> texts(Object reply) {
    return list(reply).stream().map(Replies::text).toList();
  }

  /** @param reply field, value, field, value … */
  static Map<String, byte[]> fields(Object reply) {
    List<?> strings = list(reply);
    var fields = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < strings.size(); i += 2) {
      fields.put(text(strings.get(i)), (byte[]) strings.get(i + 1));
    }
    return fields;
  }
}
