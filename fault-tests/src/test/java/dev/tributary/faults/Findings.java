package dev.tributary.faults;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What went wrong, a line for each order or user.
 *
 * @param lost confirmed to a customer or stored, but not done
 * @param duplicated done twice: a state, an event, a charge, a mail
 * @param torn half of what belongs together
 * @param unexpected what nobody asked for: a charge for an order that is not there, a dead letter
 */
record Findings(List<String> lost, List<String> duplicated, List<String> torn, List<String> unexpected) {

  boolean isNone() {
    return Stream.of(lost, duplicated, torn, unexpected).allMatch(List::isEmpty);
  }

  String figures() {
    return "lost %d, duplicated %d, torn %d, unexpected %d".formatted(lost.size(), duplicated.size(), torn.size(),
        unexpected.size());
  }

  /** The figures, and the first few of each. */
  @Override
  public String toString() {
    return Stream.of(lost, duplicated, torn, unexpected)
        .flatMap(lines -> lines.stream().limit(5))
        .collect(Collectors.joining("\n  ", figures() + "\n  ", ""));
  }
}
