package dev.tributary.adapters.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object from a request, read strictly. A reader asks for each member that it knows, and checks it by a rule that throws
 * IllegalArgumentException with a message fit for clients. Wrong types, broken rules and members that nobody asked for are noted by their JSON
 * pointer; null stands for a member that is not there.
 */
final class JsonBody {

  /** The longest body, in bytes: 256 KiB. */
  private static final int LONGEST = 256 * 1024;

  private final ObjectNode object;
  private final String pointer;
  private final FieldErrors errors;
  private final Set<String> known = new HashSet<>();

  private JsonBody(ObjectNode object, String pointer, FieldErrors errors) {
    this.object = object;
    this.pointer = pointer;
    this.errors = errors;
  }

  /**
   * @param reader may return empty only where something was noted
   * @throws ProblemException if the body is not JSON, is too long, or is not what the reader wants
   */
  static <T> T read(Context ctx, Function<JsonBody, Optional<T>> reader) {
    requireJson(ctx);
    var errors = new FieldErrors();
    Optional<T> read = readObject(parse(bytes(ctx)), "", errors, reader);
    errors.throwIfAny();
    return read.orElseThrow();
  }

  /** A string that must be there. */
  <T> Optional<T> text(String name, Function<String, T> rule) {
    return required(name).flatMap(value -> text(name, value, rule));
  }

  /** A string that may be absent. */
  <T> Optional<T> optionalText(String name, Function<String, T> rule) {
    return member(name).flatMap(value -> text(name, value, rule));
  }

  /** A number without fraction or exponent that must be there. The rule gets the nearest long. */
  <T> Optional<T> wholeNumber(String name, LongFunction<T> rule) {
    return required(name).flatMap(
        value -> is(value, JsonNode::isIntegralNumber, name, "must be a whole number")
            ? errors.check(at(name), () -> rule.apply(nearestLong(value)))
            : Optional.empty());
  }

  /** As {@link #wholeNumber}, but that it may be absent. */
  <T> Optional<T> optionalWholeNumber(String name, LongFunction<T> rule) {
    return member(name).isEmpty() ? Optional.empty() : wholeNumber(name, rule);
  }

  /** True or false; false if it is absent. */
  boolean flag(String name) {
    return member(name).filter(value -> is(value, JsonNode::isBoolean, name, "must be true or false"))
        .map(JsonNode::booleanValue)
        .orElse(false);
  }

  /** An object that may be absent. */
  <T> Optional<T> optionalObject(String name, Function<JsonBody, Optional<T>> reader) {
    return member(name).flatMap(value -> readObject(value, at(name), errors, reader));
  }

  /**
   * A list of strings that may be absent.
   *
   * @param size throws IllegalArgumentException if there are too few or too many; then they are not looked into
   */
  <T> Optional<List<T>> optionalTexts(String name, IntConsumer size, Function<String, T> rule) {
    return member(name).flatMap(value -> elements(name, value, size)).map(elements -> {
      var read = new ArrayList<T>();
      for (int i = 0; i < elements.size(); i++) {
        element(at(name) + "/" + i, elements.get(i), rule).ifPresent(read::add);
      }
      return read;
    });
  }

  private <T> Optional<T> element(String at, JsonNode value, Function<String, T> rule) {
    if (!value.isTextual()) {
      errors.add(at, "must be a string");
      return Optional.empty();
    }
    return errors.check(at, () -> rule.apply(value.textValue()));
  }

  /** Notes what is wrong with the object as a whole. */
  void refuse(String name, String message) {
    errors.add(at(name), message);
  }

  /**
   * A list of objects that must be there.
   *
   * @param size throws IllegalArgumentException if there are too few or too many; then they are not looked into
   * @return what the reader made of them, less those it made nothing of
   */
  <T> List<T> objects(String name, IntConsumer size, Function<JsonBody, Optional<T>> reader) {
    return required(name).flatMap(value -> elements(name, value, size))
        .map(elements -> readAll(at(name), elements, reader))
        .orElse(List.of());
  }

  private Optional<ArrayNode> elements(String name, JsonNode value, IntConsumer size) {
    if (!is(value, JsonNode::isArray, name, "must be a list")) {
      return Optional.empty();
    }
    return errors.check(at(name), () -> {
      size.accept(value.size());
      return (ArrayNode) value;
    });
  }

  private <T> List<T> readAll(String at, ArrayNode elements, Function<JsonBody, Optional<T>> reader) {
    var read = new ArrayList<T>();
    for (int i = 0; i < elements.size(); i++) {
      readObject(elements.get(i), at + "/" + i, errors, reader).ifPresent(read::add);
    }
    return read;
  }

  private static <T> Optional<T> readObject(JsonNode value, String pointer, FieldErrors errors,
      Function<JsonBody, Optional<T>> reader) {
    if (!(value instanceof ObjectNode object)) {
      errors.add(pointer, "must be a JSON object");
      return Optional.empty();
    }
    var body = new JsonBody(object, pointer, errors);
    Optional<T> read = reader.apply(body);
    body.refuseUnknown();
    return read;
  }

  private void refuseUnknown() {
    object.properties()
        .stream()
        .map(member -> member.getKey())
        .filter(name -> !known.contains(name))
        .forEach(name -> errors.add(at(name), "is unknown"));
  }

  private Optional<JsonNode> required(String name) {
    Optional<JsonNode> member = member(name);
    if (member.isEmpty()) {
      errors.add(at(name), "is required");
    }
    return member;
  }

  private Optional<JsonNode> member(String name) {
    known.add(name);
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
  }

  private <T> Optional<T> text(String name, JsonNode value, Function<String, T> rule) {
    return is(value, JsonNode::isTextual, name, "must be a string")
        ? errors.check(at(name), () -> rule.apply(value.textValue()))
        : Optional.empty();
  }

  private boolean is(JsonNode value, Predicate<JsonNode> type, String name, String message) {
    boolean matches = type.test(value);
    if (!matches) {
      errors.add(at(name), message);
    }
    return matches;
  }

  private String at(String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  private static long nearestLong(JsonNode number) {
    if (number.canConvertToLong()) {
      return number.longValue();
    }
    return number.bigIntegerValue().signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  private static void requireJson(Context ctx) {
    String type = Optional.ofNullable(ctx.header(Header.CONTENT_TYPE)).orElse("");
    int parameters = type.indexOf(';');
    String media = parameters < 0 ? type : type.substring(0, parameters);
    if (!media.strip().equalsIgnoreCase(Json.TYPE)) {
      throw new ProblemException(new Problem(415, "The body must be of the type " + Json.TYPE + "."));
    }
  }

  private static byte[] bytes(Context ctx) {
    try {
      InputStream body = ctx.bodyInputStream();
      byte[] bytes = body.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new ProblemException(new Problem(413, "The body must not be longer than " + LONGEST + " bytes."));
      }
      return bytes;
    } catch (IOException e) {
      throw new ProblemException(ClosingConnector.isClosing(ctx)
          ? Problem.unavailable("The server is stopping. Try again.")
          : Problem.malformed("The body can't be read to its end."));
    }
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      JsonNode tree = Json.parseBounded(bytes);
      if (tree.isMissingNode()) {
        throw new ProblemException(Problem.malformed("The body is empty."));
      }
      return tree;
    } catch (CharacterCodingException e) {
      throw new ProblemException(Problem.malformed("The body is not UTF-8."));
    } catch (JsonProcessingException e) {
      throw new ProblemException(Problem.malformed("The body is not well-formed JSON" + place(e.getLocation()) + "."));
    }
  }

  private static String place(@Nullable JsonLocation location) {
    return location == null ? "" : ": line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
