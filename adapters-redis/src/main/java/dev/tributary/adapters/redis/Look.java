package dev.tributary.adapters.redis;

import dev.tributary.domain.DomainEvent;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** One look at one partition, and what came of it. */
final class Look<E extends DomainEvent> {

  private final OrderedLane<E> lane;
  private final Tenure<E> tenure;
  private boolean more;
  private @Nullable RuntimeException failure;

  Look(OrderedLane<E> lane, Tenure<E> tenure) {
    this.lane = lane;
    this.tenure = tenure;
  }

  OrderedLane<E> lane() {
    return lane;
  }

  Tenure<E> tenure() {
    return tenure;
  }

  /** @param eye tells whether there may be more right now */
  void by(BiPredicate<OrderedLane<E>, Tenure<E>> eye) {
    try {
      more = eye.test(lane, tenure);
    } catch (RuntimeException e) {
      // Whatever failed, the group may be gone: it is looked for before the next read.
      tenure.joined(false);
      failure = e;
    }
  }

  /** Whether to look again without being rung. */
  boolean goesOn() {
    return more || failure != null;
  }

  Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }
}
