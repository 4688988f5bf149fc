package dev.tributary.adapters.redis;

import dev.tributary.adapters.redis.PartitionLease.Found;
import dev.tributary.adapters.redis.PartitionLease.Hold;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EntryId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The time for which one process has a partition. It begins with a walk through what is pending, so that nothing new overtakes what others left;
 * then it reads on. What it looks at is for its reader alone.
 */
final class Tenure<E extends DomainEvent> {

  /**
   * A delivery that stands in a line.
   *
   * @param fresh whether nobody has worked on it yet
   */
  record Item<E extends DomainEvent>(Tenure<E> tenure, Delivered delivered, Decoded<E> decoded, boolean fresh) {

    static <E extends DomainEvent> Item<E> arrived(Tenure<E> tenure, Delivered delivered, Decoded<E> decoded) {
      return new Item<>(tenure, delivered, decoded, delivered.failures() == 0);
    }

    Item<E> failed(int failures) {
      return new Item<>(tenure, delivered.failed(failures), decoded, false);
    }

    Item<E> waiting() {
      return new Item<>(tenure, delivered, decoded, false);
    }
  }

  private final PartitionLease lease;
  private final InHand inHand = new InHand(this::extend);
  private final DeliveryRun<E> run;
  private final Map<Running, KeyOrder.Turn<Item<E>>> turns = new ConcurrentHashMap<>();
  /** With the news that it has heard of. */
  private Hold hold;
  /** With the news that it has looked through: what they put back stands in its lines. */
  private volatile Hold lookedThrough;
  private volatile boolean hasNews;
  private volatile boolean leaving;
  private volatile long leavingSince;
  private volatile long lostSince;
  /** The greatest id that was found. */
  private EntryId last = EntryId.START;
  private boolean joined;
  private boolean walking = true;
  private Optional<String> walkedTo = Optional.empty();

  Tenure(PartitionLease lease, Hold hold, Function<Tenure<E>, DeliveryRun<E>> run) {
    this.lease = lease;
    this.hold = hold;
    this.lookedThrough = hold;
    this.run = run.apply(this);
  }

  /** All that is in hand is ours as long as the partition is. */
  private List<Lease> extend(Collection<Lease> held) {
    return lease.renew(fence()) ? List.of() : List.copyOf(held);
  }

  InHand inHand() {
    return inHand;
  }

  DeliveryRun<E> run() {
    return run;
  }

  /** What is worked on, and whose turn it is. */
  Map<Running, KeyOrder.Turn<Item<E>>> turns() {
    return turns;
  }

  /** As {@link InHand#replace}. One of the two is always among the turns: who waits for the end of all waits for them. */
  boolean replace(Running stuck, Running substitute) {
    Optional.ofNullable(turns.get(stuck)).ifPresent(turn -> turns.put(substitute, turn));
    boolean replaced = inHand.replace(stuck, substitute);
    turns.remove(replaced ? stuck : substitute);
    return replaced;
  }

  long fence() {
    return lookedThrough.fence();
  }

  /** Whether an entry was deleted while it was pending. Else it is this consumer's from now on, if it was put back and its time has come. */
  boolean isGone(Delivered delivered) {
    return lease.isGone(lookedThrough, delivered.lease().entryId());
  }

  /** Whether a delivery has to wait behind dead letters of its key. */
  Standing standing(Delivered delivered, String key) {
    Standing standing = lease.standing(lookedThrough, key, delivered.lease().entryId());
    if (standing instanceof Standing.Unknown) {
      hasNews = true;
    }
    return standing;
  }

  /** Whether something waits for what the next look tells. */
  boolean hasNews() {
    return hasNews && !leaving;
  }

  /** Whether the group is known to be there. */
  boolean hasJoined() {
    return joined;
  }

  void joined() {
    joined = true;
  }

  /** Whatever failed, the group may be gone, or what was read may have been lost on its way to us. */
  void doubt() {
    joined = false;
    walkAgain();
  }

  private void walkAgain() {
    walkedTo = Optional.empty();
    walking = true;
  }

  boolean isWalking() {
    return walking;
  }

  /** A step of the walk while there is one, else a read. */
  Found look(int limit, boolean thorough) {
    Found found = walking ? lease.walk(hold, walkedTo, limit) : lease.read(hold, limit, thorough, last);
    switch (found) {
      case Found.New(List<Delivered> deliveries) -> {
        deliveries.forEach(this::know);
        hasNews = false;
      }
      case Found.Pending pending -> {
        pending.deliveries().forEach(due -> know(due.delivered()));
        walkedTo = pending.next();
        walking = walkedTo.isPresent();
      }
      case Found.News(long number) -> {
        hold = new Hold(hold.fence(), number);
        walkAgain();
      }
      case Found.Lost _ -> {
        // As it was.
      }
    }
    return found;
  }

  private void know(Delivered delivered) {
    EntryId found = EntryId.parse(delivered.lease().entryId());
    last = last.compareTo(found) < 0 ? found : last;
  }

  /** What was found last stands in its lines. Not before, or what is already there could overtake what was put back ahead of it. */
  void arrived() {
    if (!walking) {
      lookedThrough = hold;
      hasNews = false;
    }
  }

  /** It is over: somebody else may have the partition. What runs is interrupted, and nothing that it still does counts. */
  void lose() {
    lostSince = System.nanoTime();
    inHand.loseAll();
  }

  /** Since it is over: whether handlers are still at work that have not been interrupted for long. */
  boolean lingers() {
    return !turns.isEmpty() && System.nanoTime() - lostSince < Workers.INTERRUPTED_ENDS_WITHIN.toNanos();
  }

  boolean isLeaving() {
    return leaving;
  }

  /** Starts nothing more. */
  void beginToLeave() {
    if (!leaving) {
      leavingSince = System.nanoTime();
      leaving = true;
      inHand.stopStarting();
    }
  }

  /** Since it began to. */
  long leavingForNanos() {
    return System.nanoTime() - leavingSince;
  }
}
