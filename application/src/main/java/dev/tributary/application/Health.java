package dev.tributary.application;

import java.util.List;

/** How a part of this process is doing. */
@FunctionalInterface
public interface Health {

  /**
   * Blocks for 2 s at most.
   *
   * @return what keeps it from working, in words for an operator; empty if it works
   */
  List<String> problems();
}
