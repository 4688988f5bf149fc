package dev.tributary.application;

import java.util.List;
import java.util.Optional;

/**
 * A part of a longer list.
 *
 * @param next where to go on, opaque; empty on the last page
 */
public record Page<T>(List<T> items, Optional<String> next) {

  public Page {
    items = List.copyOf(items);
  }
}
