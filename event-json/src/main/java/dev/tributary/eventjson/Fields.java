package dev.tributary.eventjson;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.domain.Ascii;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the members of a JSON object, and says of each that is missing or wrong which one it is. */
public record Fields(JsonNode object) {

  /** The last millisecond of the year 9999. */
  public static final Instant LAST_INSTANT = Instant.ofEpochMilli(253_402_300_799_999L);

  private static final int MOST_DIGITS = 15;

  /** Makes a value of an object. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(Fields fields) throws UndecodableException;
  }

  public String text(String name) throws UndecodableException {
    return optionalText(name).orElseThrow(() -> new UndecodableException("field " + name + " is missing"));
  }

  /** Missing and null are the same. */
  public Optional<String> optionalText(String name) throws UndecodableException {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new UndecodableException("field " + name + " is no string");
    }
    return Optional.of(value.textValue());
  }

  /** Text or a whole number: other producers use both for ids. */
  public String id(String name) throws UndecodableException {
    JsonNode value = object.path(name);
    return value.isIntegralNumber() ? value.asText() : text(name);
  }

  /**
   * A time in ms since the epoch, as a number or as text; a fraction is cut off. Empty for what is none, for what lies before the epoch, and for
   * what lies after {@link #LAST_INSTANT}.
   */
  Optional<Instant> instant(String name) {
    JsonNode value = object.path(name);
    if (value.isTextual()) {
      return instantOf(value.textValue());
    }
    return value.isNumber() && value.canConvertToLong() ? instantOf(value.longValue()) : Optional.empty();
  }

  static Optional<Instant> instantOf(String text) {
    int point = text.indexOf('.');
    int end = point < 0 ? text.length() : point;
    boolean isNumber = end <= MOST_DIGITS && Ascii.areDigits(text, 0, end)
        && (point < 0 || Ascii.areDigits(text, point + 1, text.length()));
    return isNumber ? instantOf(Long.parseLong(text, 0, end, 10)) : Optional.empty();
  }

  private static Optional<Instant> instantOf(long millis) {
    return millis < 0 || millis > LAST_INSTANT.toEpochMilli()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(millis));
  }

  public Instant requiredInstant(String name) throws UndecodableException {
    return instant(name)
        .orElseThrow(() -> new UndecodableException("field " + name + " is missing, or no time in ms since the epoch"));
  }

  public int wholeNumber(String name) throws UndecodableException {
    JsonNode value = object.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new UndecodableException("field " + name + " is no whole number");
    }
    return value.intValue();
  }

  public List<Fields> objects(String name) throws UndecodableException {
    JsonNode value = object.path(name);
    if (!value.isArray()) {
      throw new UndecodableException("field " + name + " is no list");
    }
    var elements = new ArrayList<Fields>();
    for (JsonNode element : value) {
      elements.add(new Fields(element));
    }
    return elements;
  }

  public Optional<Fields> optionalObject(String name) {
    JsonNode value = object.path(name);
    return value.isObject() ? Optional.of(new Fields(value)) : Optional.empty();
  }

  /** A value of the domain, whose own rule is the rule. */
  public static <T> T valid(String name, String text, Function<String, T> type) throws UndecodableException {
    try {
      return type.apply(text);
    } catch (IllegalArgumentException e) {
      throw new UndecodableException("field " + name + " " + e.getMessage());
    }
  }
}
