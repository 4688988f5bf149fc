package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Takes over what others left, and what has waited for its retry, in any of a consumer's lanes. For its reader's thread. */
final class Claims {

  /** What is due that soon is claimed too where anything is: many partitions must not wake the reader one by one. */
  private static final Duration CLAIMED_TOGETHER = Duration.ofMillis(100);

  private final Connections connections;
  private final NewEntries reader;
  private final List<Lane> lanes;
  private final Journal journal;
  private long next = System.nanoTime();

  Claims(Connections connections, NewEntries reader, List<Lane> lanes, Journal journal) {
    this.connections = connections;
    this.reader = reader;
    this.lanes = lanes;
    this.journal = journal;
  }

  /** Lanes whose server answers. */
  Stream<Lane> served() {
    return lanes.stream().filter(lane -> reader.serves(lane.keys().stream()));
  }

  Duration until() {
    return Duration.ofNanos(next - System.nanoTime());
  }

  /** Looks when the next is due. Not at each read: there may be a thousand lanes. */
  void schedule() {
    Duration until = served().map(Lane::claiming)
        .map(Claiming::untilClaim)
        .min(Comparator.naturalOrder())
        .orElse(CLAIMED_TOGETHER);
    next = System.nanoTime() + until.toNanos();
  }

  /**
   * Of those that are due, the one that has waited longest comes first; the first that has anything is enough for one turn. One is tried in any
   * case, so that it shows when scripts cannot be run.
   */
  List<GroupReader.Read> claim(int limit) {
    List<Lane> due = served()
        .filter(lane -> lane.claiming().untilClaim().compareTo(CLAIMED_TOGETHER) < 0)
        .sorted(Comparator.comparing(lane -> lane.claiming().untilClaim()))
        .toList();
    ask(due.stream().skip(1).filter(lane -> lane.claiming().isEmpty()).toList());
    List<GroupReader.Read> left = first(due, limit);
    schedule();
    return left;
  }

  private List<GroupReader.Read> first(List<Lane> due, int limit) {
    for (Lane lane : due) {
      boolean tried = lane == due.getFirst() || !lane.claiming().isEmpty();
      List<Delivered> left = tried ? claim(lane, limit) : List.of();
      if (!left.isEmpty()) {
        return left.stream().map(delivered -> new GroupReader.Read(lane.keys().stream(), delivered)).toList();
      }
    }
    return List.of();
  }

  /** Whether anything is pending. All are asked at once: a thousand where nothing is cost one round trip. */
  private void ask(List<Lane> empty) {
    List<CompletionStage<Long>> counts = empty.stream().map(lane -> lane.claiming().count()).toList();
    for (int i = 0; i < counts.size(); i++) {
      Lane lane = empty.get(i);
      try {
        lane.claiming().counted(connections.await(counts.get(i)));
      } catch (StoreUnavailableException e) {
        reader.spare(lane.keys().stream(), e);
      }
    }
  }

  private List<Delivered> claim(Lane lane, int limit) {
    try {
      PendingEntries.Claimed found = lane.claiming().claim(limit);
      found.gone().forEach(journal::lost);
      journal.claimed(found.deliveries().size());
      return found.deliveries();
    } catch (StoreUnavailableException e) {
      reader.spare(lane.keys().stream(), e);
      return List.of();
    }
  }
}
