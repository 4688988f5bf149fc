package dev.tributary.adapters.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A delivery in hand and the thread that works on it, if any does at the moment, with an eye on how long the handler runs: past its limit it is
 * interrupted; if it ignores that, somebody else takes the delivery from it.
 */
final class Running {

  private enum Phase {
    OUTSIDE, HANDLING,
    /** Interrupted: it has run too long, or for a delivery that is no longer ours. */
    STOPPED,
    /** Another thread has taken over. */
    RELIEVED
  }

  private final Delivered delivered;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread thread;
  /** While nobody worked on it: meant for who does next. */
  private boolean interrupted;
  private Phase phase = Phase.OUTSIDE;
  private long since;
  private volatile boolean ended;
  private volatile boolean fenced;
  private volatile @Nullable Again again;

  /** @param failures how many attempts have failed by then */
  record Again(Duration in, int failures) {}

  Running(Delivered delivered) {
    this.delivered = delivered;
  }

  Delivered delivered() {
    return delivered;
  }

  Lease lease() {
    return delivered.lease();
  }

  /** Works on it. The thread is interrupted for this delivery's sake only meanwhile, and is as good as new afterwards. */
  void by(Runnable step) {
    begin();
    try {
      step.run();
    } finally {
      leave();
    }
  }

  private void begin() {
    lock.lock();
    try {
      thread = Thread.currentThread();
      if (interrupted) {
        interrupted = false;
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      thread = null;
    } finally {
      lock.unlock();
    }
    var _ = Thread.interrupted();
  }

  void interrupt() {
    lock.lock();
    try {
      if (thread == null) {
        interrupted = true;
      } else if (thread != Thread.currentThread()) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The store has had its last word on it. */
  void end() {
    ended = true;
  }

  boolean isEnded() {
    return ended;
  }

  /** As {@link #end}, but that it comes again, to this group alone. */
  void endUntil(Duration in, int failures) {
    again = new Again(in, failures);
    end();
  }

  /** Empty if it does not come again. */
  Optional<Again> again() {
    return Optional.ofNullable(again);
  }

  /** As {@link #end}; it was no longer ours. */
  void endFenced() {
    fenced = true;
    end();
  }

  boolean isFenced() {
    return fenced;
  }

  void enterHandler() {
    move(Phase.HANDLING);
  }

  /** @return whether the handler was in time; no interruption for being late comes after this */
  boolean leaveHandler() {
    lock.lock();
    try {
      boolean inTime = phase == Phase.HANDLING;
      if (phase != Phase.RELIEVED) {
        move(Phase.OUTSIDE);
      }
      return inTime;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the handler that runs was interrupted for good. */
  boolean isStopped() {
    lock.lock();
    try {
      return phase == Phase.STOPPED || phase == Phase.RELIEVED;
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts a handler that has run that long. */
  void stopAfter(Duration limit) {
    lock.lock();
    try {
      if (phase == Phase.HANDLING && hasLasted(limit)) {
        stop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts whatever is done for it. */
  void stop() {
    lock.lock();
    try {
      if (phase == Phase.HANDLING) {
        move(Phase.STOPPED);
      }
      interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** @return whether the handler has ignored its interruption for that long, so that the caller takes over: true once */
  boolean relieveAfter(Duration patience) {
    lock.lock();
    try {
      boolean stuck = phase == Phase.STOPPED && hasLasted(patience);
      if (stuck) {
        move(Phase.RELIEVED);
      }
      return stuck;
    } finally {
      lock.unlock();
    }
  }

  boolean isRelieved() {
    lock.lock();
    try {
      return phase == Phase.RELIEVED;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasLasted(Duration span) {
    return System.nanoTime() - since >= span.toNanos();
  }

  private void move(Phase next) {
    lock.lock();
    try {
      phase = next;
      since = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }
}
