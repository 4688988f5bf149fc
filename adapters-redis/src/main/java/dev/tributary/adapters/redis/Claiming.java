package dev.tributary.adapters.redis;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** When one consumer looks for what others left in one partition. For its reader alone. */
final class Claiming {

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);
  /** So that a walk, however long it is and however busy we are, takes about a hundredth of a core of Redis. */
  private static final Duration FOR_EACH_WALKED_OVER = Duration.ofNanos(500_000);

  private final PendingEntries pending;
  private final Duration interval;
  private long nextClaim = System.nanoTime();
  private long nextWalk = nextClaim;
  /** As far as is known nothing is pending. */
  private boolean empty = true;

  Claiming(PendingEntries pending, Duration lease) {
    this.pending = pending;
    this.interval = min(lease.dividedBy(4), LONGEST_INTERVAL);
  }

  /** Takes over what is free, and schedules the next time. Where that was as much as it might be, it goes on at once. */
  PendingEntries.Claimed claim(int limit) {
    boolean walks = nextWalk - System.nanoTime() <= 0;
    PendingEntries.Claimed found = pending.claim(limit, walks);
    long now = System.nanoTime();
    empty = found.pending() == 0;
    boolean more = found.deliveries().size() == limit;
    if (walks && !more) {
      Duration pause = found.complete() ? interval : FOR_EACH_WALKED_OVER.multipliedBy(found.walked());
      nextWalk = now + pause.toNanos();
    }
    Duration atMost = more ? Duration.ZERO : interval;
    nextClaim = now + found.nextDue().map(due -> min(due, atMost)).orElse(atMost).toNanos();
    if (!found.complete() && nextWalk - nextClaim < 0) {
      nextClaim = nextWalk;
    }
    return found;
  }

  Duration untilClaim() {
    return Duration.ofNanos(nextClaim - System.nanoTime());
  }

  void hurry() {
    nextClaim = System.nanoTime();
  }

  /** Whether it pays to ask first if anything is pending at all. */
  boolean isEmpty() {
    return empty;
  }

  /** Asks for how many are pending, and does not wait for the answer: of many partitions all may be asked at once. */
  CompletionStage<Long> count() {
    return pending.count();
  }

  /** @param count the answer: where nothing is pending there is nothing to claim until the next time */
  void counted(long count) {
    empty = count == 0;
    if (empty) {
      nextClaim = System.nanoTime() + interval.toNanos();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
