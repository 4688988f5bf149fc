package dev.tributary.domain.messaging;

import java.util.regex.Pattern;

/**
 * The consumers that share the work of one subscription. Each event of a topic is settled once in every group.
 *
 * @param name 1–64 characters of {@code a–z 0–9 -}
 */
public record Group(String name) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

  public Group {
    requireName(name);
  }

  /** Whether a group may be called that. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static void requireName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("not 1-64 characters of a-z 0-9 -: " + name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
