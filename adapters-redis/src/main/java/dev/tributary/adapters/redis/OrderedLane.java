package dev.tributary.adapters.redis;

import dev.tributary.domain.DomainEvent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a group that reads in order, as one of its processes sees it: somebody else's, or its own for a tenure. For any threads.
 */
final class OrderedLane<E extends DomainEvent> implements Upkeep.Tended {

  private final Partition partition;
  private final PendingEntries pending;
  private final PartitionLease lease;
  private final Function<PartitionLease.Hold, Tenure<E>> begin;
  private final Consumer<Tenure<E>> ended;
  private final AtomicReference<@Nullable Tenure<E>> tenure = new AtomicReference<>();
  /** The last one that was lost. */
  private volatile @Nullable Tenure<E> lost;

  /** @param ended told of every tenure that is over, whoever found that out */
  OrderedLane(Partition partition, PendingEntries pending, PartitionLease lease,
      Function<PartitionLease.Hold, Tenure<E>> begin, Consumer<Tenure<E>> ended) {
    this.partition = partition;
    this.pending = pending;
    this.lease = lease;
    this.begin = begin;
    this.ended = ended;
  }

  Keys keys() {
    return partition.keys();
  }

  int number() {
    return partition.number();
  }

  Optional<Tenure<E>> tenure() {
    return Optional.ofNullable(tenure.get());
  }

  /** Whether this is the present tenure. */
  boolean isHeldBy(Tenure<E> own) {
    return tenure.get() == own;
  }

  /**
   * Does nothing while it is somebody else's, and while handlers are still at work that were interrupted when it was lost: what they are at may come
   * again.
   *
   * @return whether it is ours now
   */
  boolean take() {
    Tenure<E> before = lost;
    if (before != null && before.lingers()) {
      return false;
    }
    Optional<PartitionLease.Hold> hold = lease.take();
    hold.ifPresent(held -> tenure.set(begin.apply(held)));
    return hold.isPresent();
  }

  /** Somebody else may have it already, or may take it: what runs is interrupted, and nothing that it still does counts. */
  void lose(Tenure<E> over) {
    lost = over;
    over.lose();
    end(over);
  }

  /** Gives it up, for another to take at once. What was in hand stays pending. */
  void leave(Tenure<E> left) {
    end(left);
    lease.leave(left.fence());
  }

  /** A read that came too late made us a consumer again, if we had left. */
  void leaveGroup() {
    pending.leave(List.of());
  }

  /** Whether a delivery that was fenced comes all the same. */
  boolean comesAgain(Lease fenced) {
    return pending.comesAgain(fenced);
  }

  private void end(Tenure<E> over) {
    tenure.compareAndSet(over, null);
    ended.accept(over);
  }

  /** @return whether it is still ours */
  boolean renew(Tenure<E> held) {
    boolean renewed = lease.renew(held.fence());
    if (!renewed) {
      lose(held);
    }
    return renewed;
  }

  @Override
  public Collection<Running> running() {
    return tenure().map(held -> held.inHand().all()).orElse(List.of());
  }

  @Override
  public void renew() {
    tenure().ifPresent(this::renew);
  }

  /** Only its owner does. */
  @Override
  public List<String> tend() {
    return tenure().isPresent() ? pending.tend() : List.of();
  }
}
