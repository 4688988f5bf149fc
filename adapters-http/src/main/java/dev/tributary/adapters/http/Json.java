package dev.tributary.adapters.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** How JSON is read and written here: as trees, so that no class decides by its shape what clients see. */
final class Json {

  static final String TYPE = "application/json";

  private static final int DEEPEST = 32;
  private static final int MOST_DIGITS = StreamReadConstraints.DEFAULT_MAX_NUM_LEN;
  private static final BigInteger FAR = BigInteger.TEN.pow(MOST_DIGITS);
  private static final ObjectMapper MAPPER = JsonMapper.builder(factory(StreamReadConstraints.builder()))
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();
  private static final JsonFactory OF_ANY_LENGTH = factory(
      StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).maxNameLength(Integer.MAX_VALUE));

  private Json() {}

  private static JsonFactory factory(StreamReadConstraints.Builder constraints) {
    return JsonFactory.builder()
        // Its buffers are kept for all threads: kept for each, as is the default, the thread of every request would make its own.
        .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        // Else it would keep thousands of names that strangers sent, however long.
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(constraints.maxNestingDepth(DEEPEST).build())
        .build();
  }

  /**
   * @throws CharacterCodingException if it is not UTF-8
   * @throws JsonProcessingException if it is not one JSON value, names a member twice, is nested deeper than {@value #DEEPEST}, or has a number or
   *     a name that is very long
   */
  static JsonNode parse(byte[] text) throws CharacterCodingException, JsonProcessingException {
    return MAPPER.readTree(decode(text));
  }

  /**
   * As {@link #parse}, but that names and numbers may be as long as the text is, which somebody else must bound. A whole number of more than
   * {@value #MOST_DIGITS} digits becomes one that is as far from all that anybody takes.
   */
  static JsonNode parseBounded(byte[] text) throws CharacterCodingException, JsonProcessingException {
    String decoded = decode(text);
    try (JsonParser parser = new Quick(OF_ANY_LENGTH.createParser(decoded))) {
      JsonNode tree = MAPPER.readTree(parser);
      return Objects.requireNonNullElse(tree, MissingNode.getInstance());
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("a text can be read", e);
    }
  }

  /** Given bytes, Jackson would guess at UTF-16 and UTF-32, and let some malformed UTF-8 pass. */
  private static String decode(byte[] text) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
  }

  /** To convert 256 KiB of digits takes seconds: their square counts. */
  private static final class Quick extends JsonParserDelegate {

    Quick(JsonParser parser) {
      super(parser);
    }

    @Override
    public BigInteger getBigIntegerValue() throws IOException {
      boolean negative = getTextCharacters()[getTextOffset()] == '-';
      int digits = getTextLength() - (negative ? 1 : 0);
      if (digits <= MOST_DIGITS) {
        return super.getBigIntegerValue();
      }
      return negative ? FAR.negate() : FAR;
    }
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
