package dev.tributary.adapters.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** How JSON is read and written here: as trees, so that no class decides by its shape what clients see. */
final class Json {

  static final String TYPE = "application/json";

  private static final int DEEPEST = 32;
  /** Its buffers are kept for all threads: kept for each, as is the default, the thread of every request would make its own. */
  private static final ObjectMapper MAPPER = JsonMapper
      .builder(JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Else it would keep thousands of names that strangers sent, however long.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private Json() {}

  /**
   * @throws CharacterCodingException if it is not UTF-8
   * @throws JsonProcessingException if it is not one JSON value, names a member twice, or is nested deeper than {@value #DEEPEST}
   */
  static JsonNode parse(byte[] text) throws CharacterCodingException, JsonProcessingException {
    // Given bytes, Jackson would guess at UTF-16 and UTF-32, and let some malformed UTF-8 pass.
    String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    return MAPPER.readTree(decoded);
  }

  static byte[] bytes(JsonNode tree) {
    try {
      // As bytes, Jackson would escape what Java holds as two chars.
      return MAPPER.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }
}
