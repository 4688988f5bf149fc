package dev.tributary.domain.user;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An email address as its owner wrote it. Valid is what the HTML standard lets a browser's email field send (WHATWG HTML, 4.10.5.1.5), at
 * most 254 characters long (RFC 5321, 4.5.3.1.3 less the brackets).
 */
public record EmailAddress(String value) {

  private static final int LONGEST = 254;
  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
  private static final Pattern VALID = Pattern
      .compile("[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@" + LABEL + "(?:\\." + LABEL + ")*");

  /** @throws IllegalArgumentException with a message fit for clients, if it is no valid address */
  public EmailAddress {
    if (value.length() > LONGEST || !VALID.matcher(value).matches()) {
      throw new IllegalArgumentException("must be an email address of at most 254 characters");
    }
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
