package dev.tributary.domain.user;

/** What a user wants to be called: 1–200 characters in any script, kept as written, no control characters, not blank. */
public record UserName(String value) {

  private static final int LONGEST = 200;

  /** @throws IllegalArgumentException with a message fit for clients, if it breaks the rule above */
  public UserName {
    if (isBlank(value) || value.codePointCount(0, value.length()) > LONGEST) {
      throw new IllegalArgumentException("must have 1-200 characters and not be blank");
    }
    if (value.codePoints().anyMatch(UserName::isForbidden)) {
      throw new IllegalArgumentException("must not contain control characters or broken surrogates");
    }
  }

  /** Whether it shows as nothing. No-break spaces do, too; {@link String#isBlank} does not count them. */
  public static boolean isBlank(String value) {
    return value.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
  }

  private static boolean isForbidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return value;
  }
}
