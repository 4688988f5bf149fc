package dev.tributary.domain;

/** The one syntax of ids: 1–64 characters of {@code A–Z a–z 0–9 _ -}. Ours are UUIDs; other producers bring theirs. */
public final class IdSyntax {

  private static final int LONGEST = 64;

  private IdSyntax() {}

  public static boolean isValid(String id) {
    return !id.isEmpty() && id.length() <= LONGEST && isAllowed(id);
  }

  /**
   * @return the id itself
   * @throws IllegalArgumentException with a message fit for clients, if the id has another syntax
   */
  public static String require(String id) {
    if (!isValid(id)) {
      throw new IllegalArgumentException("must be 1-64 characters of A-Z a-z 0-9 _ -");
    }
    return id;
  }

  /** A loop: each event and each request has some ids. */
  private static boolean isAllowed(String id) {
    for (int i = 0; i < id.length(); i++) {
      if (!isAllowed(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(char c) {
    return Ascii.isAlphanumeric(c) || c == '_' || c == '-';
  }
}
