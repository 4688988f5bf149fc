package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Shares;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Shares the partitions of a group with its other processes: tells them that this one is alive, takes what is its share as soon as nobody else has
 * it, and gives up what is no longer. There is nobody who assigns them. Never ends for an error.
 */
final class Sharing<E extends DomainEvent> {

  /** How soon a process that joins or leaves is noticed. */
  private static final Duration LONGEST_BEAT = Duration.ofMillis(500);

  private final DeliverySettings settings;
  private final String consumer;
  private final Members members;
  private final List<OrderedLane<E>> lanes;
  private final Runnable news;
  private final Chore chore;

  /** @param news called when a partition has become ours */
  Sharing(String name, DeliverySettings settings, String consumer, Members members, List<OrderedLane<E>> lanes,
      Journal journal, Runnable news) {
    this.settings = settings;
    this.consumer = consumer;
    this.members = members;
    this.lanes = lanes;
    this.news = news;
    Duration third = settings.lease().dividedBy(3);
    Duration beat = third.compareTo(LONGEST_BEAT) < 0 ? third : LONGEST_BEAT;
    this.chore = new Chore("sharing", name, this::share, beat, failure -> journal.broke("sharing", failure));
  }

  void start() {
    chore.start();
  }

  private void share() {
    Set<Integer> ours = Shares.of(members.beat(), lanes.size()).getOrDefault(consumer, Set.of());
    // At the same time: of several servers, one that does not answer must not hold up the others.
    try (ExecutorService sharing = Executors.newVirtualThreadPerTaskExecutor()) {
      lanes.stream()
          .filter(lane -> !isSettled(lane, ours.contains(lane.number())))
          .forEach(lane -> sharing.execute(
              () -> chore.outlive(() -> share(lane, ours.contains(lane.number())))));
    }
  }

  private static boolean isSettled(OrderedLane<?> lane, boolean ours) {
    return ours ? lane.tenure().filter(tenure -> !tenure.isLeaving()).isPresent() : lane.tenure().isEmpty();
  }

  /** What is on its way to another is given up also where it is to be ours again meanwhile: then it is taken anew. */
  private void share(OrderedLane<E> lane, boolean ours) {
    Optional<Tenure<E>> held = lane.tenure();
    if (held.isPresent()) {
      leave(lane, held.get());
    } else if (ours && lane.take()) {
      news.run();
    }
  }

  /** What runs may end; what takes longer than a closing process would grant it comes again at the next owner's. */
  private void leave(OrderedLane<E> lane, Tenure<E> tenure) {
    tenure.beginToLeave();
    long nanos = tenure.leavingForNanos();
    if (tenure.turns().isEmpty() || nanos > settings.grace().plus(Workers.INTERRUPTED_ENDS_WITHIN).toNanos()) {
      lane.leave(tenure);
    } else if (nanos > settings.grace().toNanos()) {
      tenure.inHand().interrupt();
    }
  }

  /** A partition that is to be given up may be given up now. */
  void hurry() {
    chore.hurry();
  }

  void stop() {
    chore.stop();
  }

  /** The others learn of it at once, and take over. Nothing must be in hand any more. */
  void close() {
    stop();
    members.leave();
    lanes.forEach(lane -> lane.tenure().ifPresentOrElse(lane::leave, lane::leaveGroup));
  }
}
