package dev.tributary.eventjson;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** One object in, one object out, and nothing doubtful: no duplicate names, no second value, no deep nesting, no broken UTF-8. */
public final class Json {

  /** Bytes of one object; ours have a few hundred, an order with 100 items some 13,000. */
  public static final int LARGEST = 512 * 1024;

  private static final int DEEPEST = 32;
  private static final char REPLACEMENT = '\uFFFD';

  /** Its buffers are kept for all threads: kept for each, as is the default, every virtual thread would make its own. */
  private static final JsonMapper MAPPER = JsonMapper
      .builder(JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
          .build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private Json() {}

  /** Writes the members of an object. */
  @FunctionalInterface
  public interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  /** Writes a value's members. */
  @FunctionalInterface
  public interface Writer<T> {
    void write(T value, JsonGenerator json) throws IOException;
  }

  public static byte[] object(Body body) {
    var bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** @throws UndecodableException for all that is doubtful, and for more than {@link #LARGEST} bytes */
  public static JsonNode object(byte[] bytes) throws UndecodableException {
    if (bytes.length > LARGEST) {
      throw new UndecodableException("JSON of " + bytes.length + " bytes, more than " + LARGEST);
    }
    JsonNode read = read(bytes);
    if (!read.isObject()) {
      throw new UndecodableException("JSON that is no object");
    }
    return read;
  }

  private static JsonNode read(byte[] bytes) throws UndecodableException {
    try {
      return MAPPER.readTree(text(bytes));
    } catch (JsonProcessingException e) {
      throw new UndecodableException("not JSON, or broken: " + e.getClass().getSimpleName());
    }
  }

  /**
   * Strictly: Jackson itself takes overlong sequences, and guesses at other encodings. Java's fast decoder puts a replacement where something is
   * broken; where it shows one, the strict decoder tells whether it was there before.
   */
  private static String text(byte[] bytes) throws UndecodableException {
    var text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : strictText(bytes);
  }

  private static String strictText(byte[] bytes) throws UndecodableException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new UndecodableException("not JSON: not UTF-8");
    }
  }
}
