package dev.tributary.adapters.http;

import dev.tributary.application.GroupStatus;
import dev.tributary.application.StreamStatus;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many events of one stream may wait while more are taken in. It goes by the newest sample, which is 2 s old at most: what comes in meanwhile
 * goes beyond the bound.
 *
 * @param most that the slowest group may have unsettled
 */
record Backlog(Samples samples, String stream, long most) {

  /** @throws ProblemException 503 while there is no room */
  void requireRoom() {
    if (samples.latest().flatMap(Samples.Sample::streams).map(this::unsettled).orElse(0L) > most) {
      throw new ProblemException(Problem.unavailable("There is too much to do already. Try again later."));
    }
  }

  private long unsettled(List<StreamStatus> streams) {
    Map<String, Long> ofGroups = streams.stream()
        .filter(status -> status.stream().equals(stream))
        .flatMap(status -> status.groups().stream())
        .collect(Collectors.groupingBy(GroupStatus::group, Collectors.summingLong(Backlog::unsettled)));
    return ofGroups.values().stream().max(Long::compare).orElse(0L);
  }

  private static long unsettled(GroupStatus group) {
    return group.lag() + group.pending();
  }
}
