package dev.tributary.application;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a client calls a request by, so that it may send it again: the same key and request make one thing, however often they come. Kept for
 * {@link Receipt#KEPT}, and for one kind of request alone.
 *
 * @param value 1–255 visible ASCII characters
 */
public record IdempotencyKey(String value) {

  private static final Pattern SYNTAX = Pattern.compile("[!-~]{1,255}");

  /** @throws IllegalArgumentException with a message fit for clients */
  public IdempotencyKey {
    if (!SYNTAX.matcher(value).matches()) {
      throw new IllegalArgumentException("must be 1-255 visible ASCII characters");
    }
  }

  /**
   * The id of what is made under this key: the same after a crash that left no trace of the first time.
   *
   * @param kind of request; keys of different kinds have nothing to do with each other
   */
  UUID derive(String kind) {
    return DerivedId.of(kind, value);
  }
}
