package dev.tributary.adapters.redis;

import dev.tributary.domain.DomainEvent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a group that reads in order, as one of its processes sees it: somebody else's, or its own for a tenure. For any threads.
 */
final class OrderedLane<E extends DomainEvent> implements Upkeep.Tended {

  private final Partition partition;
  private final PendingEntries pending;
  private final PartitionLease lease;
  private final BiFunction<OrderedLane<E>, PartitionLease.Hold, Tenure<E>> begin;
  private final Consumer<Tenure<E>> ended;
  private final AtomicReference<@Nullable Tenure<E>> tenure = new AtomicReference<>();
  private volatile boolean everHeld;
  /** Those that are over, as long as handlers are at work for them. */
  private final Set<Tenure<E>> past = ConcurrentHashMap.newKeySet();

  /** @param ended told of every tenure that is over, whoever found that out */
  OrderedLane(Partition partition, PendingEntries pending, PartitionLease lease,
      BiFunction<OrderedLane<E>, PartitionLease.Hold, Tenure<E>> begin, Consumer<Tenure<E>> ended) {
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
    if (past.stream().anyMatch(Tenure::lingers)) {
      return false;
    }
    Optional<PartitionLease.Hold> hold = lease.take();
    hold.ifPresent(held -> {
      everHeld = true;
      tenure.set(begin.apply(this, held));
    });
    return hold.isPresent();
  }

  /** Somebody else may have it already, or may take it: what runs is interrupted, and nothing that it still does counts. */
  void lose(Tenure<E> over) {
    past.add(over);
    over.lose();
    tenure.compareAndSet(over, null);
    ended.accept(over);
  }

  /** Gives it up, for another to take at once. What was in hand stays pending. */
  void leave(Tenure<E> left) {
    lose(left);
    lease.leave(left.fence());
  }

  /**
   * Where it is no longer ours: a read that came too late made us a consumer again, or something was still pending when it was given up. Does
   * nothing while something is.
   */
  void leaveGroup() {
    if (everHeld) {
      pending.leave(List.of());
    }
  }

  /** Whether a delivery that was fenced comes all the same. */
  boolean comesAgain(Lease fenced) {
    return pending.comesAgain(fenced);
  }

  /** @return whether it is still ours */
  boolean renew(Tenure<E> held) {
    boolean renewed = lease.renew(held.fence());
    if (!renewed) {
      lose(held);
    }
    return renewed;
  }

  /** Whose a delivery is that somebody works on, be it over. */
  Optional<Tenure<E>> tenureOf(Running running) {
    return tenures().filter(owner -> owner.turns().containsKey(running)).findFirst();
  }

  private Stream<Tenure<E>> tenures() {
    return Stream.concat(tenure().stream(), past.stream());
  }

  @Override
  public Collection<Running> running() {
    past.removeIf(over -> over.turns().isEmpty());
    return tenures().flatMap(owner -> owner.inHand().workedOn().stream()).toList();
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
