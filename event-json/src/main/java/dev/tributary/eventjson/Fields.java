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

  /** Text or a whole number, in ms since the epoch. */
  Optional<Instant> instant(String name) throws UndecodableException {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    String digits = value.asText();
    boolean isNumber = (value.isIntegralNumber() || value.isTextual()) && digits.length() <= MOST_DIGITS
        && Ascii.areDigits(digits, 0, digits.length());
    if (!isNumber || Long.parseLong(digits) > LAST_INSTANT.toEpochMilli()) {
      throw new UndecodableException("field " + name + " is no time in ms since the epoch");
    }
    return Optional.of(Instant.ofEpochMilli(Long.parseLong(digits)));
  }

  public Instant requiredInstant(String name) throws UndecodableException {
    return instant(name).orElseThrow(() -> new UndecodableException("field " + name + " is missing"));
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
