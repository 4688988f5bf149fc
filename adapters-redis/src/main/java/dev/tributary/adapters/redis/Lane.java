package dev.tributary.adapters.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * What one consumer has of one partition: its pending entries there, those of them that it has in hand, and when to look next for what others
 * left. The schedule is for its reader alone.
 */
final class Lane implements Upkeep.Tended {

  private static final Duration LONGEST_CLAIM_INTERVAL = Duration.ofSeconds(1);

  private final Keys keys;
  private final PendingEntries pending;
  private final InHand inHand;
  private final DeliveryRun<?> run;
  private final Duration claimInterval;
  private long nextClaim = System.nanoTime();

  Lane(Keys keys, PendingEntries pending, InHand inHand, DeliveryRun<?> run, Duration lease) {
    this.keys = keys;
    this.pending = pending;
    this.inHand = inHand;
    this.run = run;
    this.claimInterval = min(lease.dividedBy(4), LONGEST_CLAIM_INTERVAL);
  }

  Keys keys() {
    return keys;
  }

  PendingEntries pending() {
    return pending;
  }

  InHand inHand() {
    return inHand;
  }

  DeliveryRun<?> run() {
    return run;
  }

  @Override
  public Collection<Running> running() {
    return inHand.all();
  }

  @Override
  public void renew() {
    inHand.renew();
  }

  @Override
  public List<String> tend() {
    return pending.tend();
  }

  /** Takes over what is free, and schedules the next time. */
  PendingEntries.Claimed claim(int limit) {
    PendingEntries.Claimed found = pending.claim(limit);
    boolean more = !found.complete() || found.deliveries().size() == limit;
    Duration interval = more ? Duration.ZERO : claimInterval;
    nextClaim = System.nanoTime() + found.nextDue().map(due -> min(due, interval)).orElse(interval).toNanos();
    return found;
  }

  Duration untilClaim() {
    return Duration.ofNanos(nextClaim - System.nanoTime());
  }

  /** Redis may have handed us entries in a reply that was lost: nobody works on them, and nobody should wait for their leases to run out. */
  void giveBackWhatNeverArrived() {
    var missed = pending.held().stream().filter(lease -> !inHand.holds(lease)).toList();
    if (!missed.isEmpty()) {
      pending.release(missed);
      nextClaim = System.nanoTime();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
