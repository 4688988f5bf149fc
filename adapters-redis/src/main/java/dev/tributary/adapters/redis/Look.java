package dev.tributary.adapters.redis;

import dev.tributary.domain.DomainEvent;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One look at one partition, and what came of it. */
final class Look<E extends DomainEvent> {

  private final OrderedLane<E> lane;
  private final Tenure<E> tenure;
  private final boolean thorough;
  private boolean more;
  private @Nullable RuntimeException failure;

  Look(OrderedLane<E> lane, Tenure<E> tenure, boolean thorough) {
    this.lane = lane;
    this.tenure = tenure;
    this.thorough = thorough;
  }

  OrderedLane<E> lane() {
    return lane;
  }

  Tenure<E> tenure() {
    return tenure;
  }

  /** Whether its tenure has ended. */
  boolean isOver() {
    return !lane.isHeldBy(tenure);
  }

  /** Whether to look too for what strangers have had for too long. */
  boolean thorough() {
    return thorough;
  }

  /** @param eye tells whether there may be more right now */
  void by(Predicate<Look<E>> eye) {
    try {
      more = eye.test(this);
    } catch (RuntimeException e) {
      tenure.doubt();
      failure = e;
    } catch (Error e) {
      tenure.doubt();
      throw e;
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
