package dev.tributary.application;

import java.util.List;

/** How a part of this process is doing. Each call blocks for 6 s at most. */
@FunctionalInterface
public interface Health {

  /** @return what keeps it from working, in words for an operator; empty if it works */
  List<String> problems();

  /** @return what works, but not as safely as it should, with what to do about it; none of it shows a secret */
  default List<String> warnings() {
    return List.of();
  }
}
