package dev.tributary.domain.user;

import dev.tributary.domain.Ascii;
import java.util.Locale;

/**
 * An email address as its owner wrote it. Valid is what the HTML standard lets a browser's email field send (WHATWG HTML, 4.10.5.1.5), at
 * most 254 characters long (RFC 5321, 4.5.3.1.3 less the brackets).
 */
public record EmailAddress(String value) {

  private static final int LONGEST = 254;
  private static final int LONGEST_LOCAL_PART = 64;
  private static final int LONGEST_LABEL = 63;

  /** @throws IllegalArgumentException with a message fit for clients, if it is no valid address */
  public EmailAddress {
    if (value.length() > LONGEST || !isValid(value)) {
      throw new IllegalArgumentException("must be an email address of at most 254 characters");
    }
  }

  private static boolean isValid(String text) {
    int at = text.indexOf('@');
    return at >= 1 && at <= LONGEST_LOCAL_PART && isLocalPart(text.substring(0, at)) && isDomain(text, at + 1);
  }

  private static boolean isLocalPart(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Ascii.isAlphanumeric(text.charAt(i)) && ".!#$%&'*+/=?^_`{|}~-".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Labels with dots between, to the end of the text. */
  private static boolean isDomain(String text, int from) {
    int dot = text.indexOf('.', from);
    return dot < 0 ? isLabel(text, from, text.length()) : isLabel(text, from, dot) && isDomain(text, dot + 1);
  }

  private static boolean isLabel(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      boolean inside = i > from && i < to - 1;
      if (!Ascii.isAlphanumeric(text.charAt(i)) && !(inside && text.charAt(i) == '-')) {
        return false;
      }
    }
    return from < to && to - from <= LONGEST_LABEL;
  }

  /** Two addresses with equal normal forms belong to the same user. For comparison only; mail goes to {@link #value()}. */
  public String normalForm() {
    return value.toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return value;
  }
}
