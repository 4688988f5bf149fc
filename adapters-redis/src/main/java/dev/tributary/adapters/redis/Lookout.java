package dev.tributary.adapters.redis;

import dev.tributary.adapters.redis.PartitionLease.Found;
import dev.tributary.domain.DomainEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Looks at the partitions that a process has, where something may have come, and adds what it finds to its work. For one reader. */
final class Lookout<E extends DomainEvent> {

  private static final int WALKED_AT_ONCE = 200;

  private final Joining joining;
  private final List<OrderedLane<E>> lanes;
  private final OrderedWork<E> work;
  private final int readAtOnce;
  private final Journal journal;
  /** Streams whose group was seen: where it is made again, something is missing. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Set<String> toLookAt = new HashSet<>();
  private long lookAtAll = System.nanoTime();

  Lookout(Joining joining, List<OrderedLane<E>> lanes, OrderedWork<E> work, int readAtOnce, Journal journal) {
    this.joining = joining;
    this.lanes = lanes;
    this.work = work;
    this.readAtOnce = readAtOnce;
    this.journal = journal;
  }

  /** @param streams to look at next */
  void hear(Set<String> streams) {
    toLookAt.addAll(streams);
  }

  /** Whatever was known of what is pending. */
  void doubt() {
    lanes.forEach(lane -> lane.tenure().ifPresent(Tenure::doubt));
  }

  /** Whether there is something to look at right now. */
  boolean seesMore() {
    return !toLookAt.isEmpty();
  }

  /** When everything is looked at in any case, by {@link System#nanoTime}. */
  long dueAt() {
    return lookAtAll;
  }

  /** In any case where something waits for what a look tells. For any threads. */
  boolean mayLook() {
    return work.hasRoom() || lanes.stream().anyMatch(lane -> lane.tenure().filter(Tenure::hasNews).isPresent());
  }

  /** @return what kept it from one of the partitions */
  Optional<RuntimeException> lookAround() {
    boolean thorough = lookAtAll - System.nanoTime() <= 0;
    if (thorough) {
      lanes.forEach(lane -> toLookAt.add(lane.keys().stream()));
      lookAtAll = System.nanoTime() + Bell.LONGEST_SILENCE.toNanos();
    }
    return mayLook() ? lookAround(thorough) : Optional.empty();
  }

  private Optional<RuntimeException> lookAround(boolean thorough) {
    boolean room = work.hasRoom();
    List<Look<E>> looks = lanes.stream()
        .flatMap(lane -> lane.tenure().stream().map(tenure -> new Look<>(lane, tenure, thorough)))
        .filter(look -> look.tenure().hasNews() || (room && isToLookAt(look)))
        .filter(look -> !look.tenure().isLeaving())
        .toList();
    atOnce(looks);
    if (room) {
      toLookAt.clear();
    }
    // What a look brought after its tenure had ended.
    looks.stream().filter(Look::isOver).forEach(look -> work.forget(look.tenure()));
    looks.stream().filter(Look::goesOn).forEach(look -> toLookAt.add(look.lane().keys().stream()));
    return looks.stream().flatMap(look -> look.failure().stream()).findFirst();
  }

  private boolean isToLookAt(Look<E> look) {
    return look.tenure().isWalking() || toLookAt.contains(look.lane().keys().stream());
  }

  /** Many partitions cost one round trip, and of several servers one that does not answer keeps nobody from reading the others. */
  private void atOnce(List<Look<E>> looks) {
    if (looks.size() == 1) {
      looks.getFirst().by(this::look);
      return;
    }
    try (ExecutorService looking = Executors.newVirtualThreadPerTaskExecutor()) {
      looks.forEach(look -> looking.execute(() -> look.by(this::look)));
    }
  }

  /** @return whether there may be more right now */
  private boolean look(Look<E> look) {
    OrderedLane<E> lane = look.lane();
    Tenure<E> tenure = look.tenure();
    // Not who was robbed: a group that is gone is made by the partition's owner, who has to learn of it.
    if (!tenure.hasJoined() && !(lane.renew(tenure) && join(lane, tenure))) {
      return true;
    }
    if (!tenure.isWalking()) {
      return look(look, readAtOnce);
    }
    work.looks(tenure);
    try {
      return look(look, WALKED_AT_ONCE);
    } finally {
      work.looked(tenure);
    }
  }

  private boolean look(Look<E> look, int limit) {
    Tenure<E> tenure = look.tenure();
    return switch (tenure.look(limit, look.thorough())) {
      case Found.Lost _ -> {
        look.lane().lose(tenure);
        look.lane().leaveGroup();
        yield false;
      }
      case Found.News _ -> true;
      case Found.New(List<Delivered> deliveries) -> {
        deliveries.forEach(delivered -> work.add(tenure, delivered, Duration.ZERO));
        yield deliveries.size() == limit;
      }
      case Found.Pending walked -> {
        walked.gone().forEach(journal::lost);
        journal.claimed((int) walked.taken());
        walked.deliveries().forEach(due -> work.add(tenure, due.delivered(), due.in()));
        tenure.arrived();
        yield true;
      }
    };
  }

  /** @return false if the group was made again: what we hold of it is no longer what it holds */
  private boolean join(OrderedLane<E> lane, Tenure<E> tenure) {
    String stream = lane.keys().stream();
    Optional<Joining.Gap> gap = joining.join(lane.keys(), seen.contains(stream));
    seen.add(stream);
    tenure.joined();
    gap.ifPresent(made -> {
      journal.gap(made);
      lane.lose(tenure);
    });
    return gap.isEmpty();
  }
}
