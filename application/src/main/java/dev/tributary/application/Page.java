package dev.tributary.application;

import java.util.List;
import java.util.Optional;

/**
 * A part of a longer list.
 *
 * @param next where to go on, opaque; empty on the last page
 */
public record Page<T>(List<T> items, Optional<String> next) {

  /** No page has more. */
  public static final int MOST = 200;

  public Page {
    items = List.copyOf(items);
  }

  /** @throws IllegalArgumentException unless it is 1–{@value #MOST}, with a message fit for clients */
  public static void requireLimit(int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("must be a whole number from 1 to " + MOST);
    }
  }
}
