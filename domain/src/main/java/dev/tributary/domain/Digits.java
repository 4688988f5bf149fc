package dev.tributary.domain;

/** Numbers as text. A loop in place of a pattern: each event has some. */
public final class Digits {

  private Digits() {}

  /**
   * Whether a part of a text is one or more of 0–9, and nothing else.
   *
   * @param from its first place
   * @param to behind its last; where it lies before {@code from}, nothing is there
   */
  public static boolean areAll(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return from < to;
  }
}
