package dev.tributary.adapters.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One attempt at a delivery, and the time that its handler has. Its handler's thread begins and ends; its consumer's reader watches the time.
 */
final class Attempt {

  /** How long an interrupted handler may take to end before it is abandoned: its thread is left alone, its place is given to another. */
  private static final Duration INTERRUPTED_ENDS_WITHIN = Duration.ofSeconds(1);

  /** How the run of a handler ended. */
  enum End {
    IN_TIME, LATE,
    /** Whatever it returned, somebody else has said what becomes of the delivery. */
    ABANDONED
  }

  private enum Stage {
    /** No handler runs: nobody is late. */
    IDLE, RUNNING, INTERRUPTED, ABANDONED
  }

  private final Held held;
  private final Instant deadline;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.IDLE);
  /** Only the reader uses it. */
  private Instant abandonedFrom = Instant.MAX;

  Attempt(Held held, Instant deadline) {
    this.held = held;
    this.deadline = deadline;
  }

  Held held() {
    return held;
  }

  void begin() {
    stage.set(Stage.RUNNING);
  }

  End end() {
    if (stage.compareAndSet(Stage.RUNNING, Stage.IDLE)) {
      return End.IN_TIME;
    }
    return stage.compareAndSet(Stage.INTERRUPTED, Stage.IDLE) ? End.LATE : End.ABANDONED;
  }

  /** @return true once, when its time is over: then its thread is to be interrupted */
  boolean becomesOverdue(Instant now) {
    if (now.isBefore(deadline) || !stage.compareAndSet(Stage.RUNNING, Stage.INTERRUPTED)) {
      return false;
    }
    abandonedFrom = now.plus(INTERRUPTED_ENDS_WITHIN);
    return true;
  }

  /** @return true once, when it did not end after its interruption: nothing that it still does counts */
  boolean becomesAbandoned(Instant now) {
    return !now.isBefore(abandonedFrom) && stage.compareAndSet(Stage.INTERRUPTED, Stage.ABANDONED);
  }

  /** @return false if its handler has ended: what was settled a moment ago is nobody's loss */
  boolean isLost() {
    return stage.compareAndSet(Stage.RUNNING, Stage.ABANDONED)
        || stage.compareAndSet(Stage.INTERRUPTED, Stage.ABANDONED);
  }

  boolean isAbandoned() {
    return stage.get() == Stage.ABANDONED;
  }
}
