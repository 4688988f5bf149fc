package dev.tributary.domain;

/** The letters and digits of ASCII. Loops in place of patterns: each event has some. */
public final class Ascii {

  private Ascii() {}

  /** @param c a char, or a byte of UTF-8 */
  public static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /**
   * Whether a part of a text is one or more of 0–9, and nothing else.
   *
   * @param from its first place
   * @param to behind its last; where it lies before {@code from}, nothing is there
   */
  public static boolean areDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return from < to;
  }
}
