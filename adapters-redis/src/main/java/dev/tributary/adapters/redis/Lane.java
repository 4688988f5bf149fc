package dev.tributary.adapters.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** What one consumer has of one partition: its pending entries there, those of them that it has in hand, and when to look for what others left. */
final class Lane implements Upkeep.Tended {

  private final Keys keys;
  private final PendingEntries pending;
  private final InHand inHand;
  private final DeliveryRun<?> run;
  private final Claiming claiming;

  Lane(Keys keys, PendingEntries pending, InHand inHand, DeliveryRun<?> run, Duration lease) {
    this.keys = keys;
    this.pending = pending;
    this.inHand = inHand;
    this.run = run;
    this.claiming = new Claiming(pending, lease);
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
    return inHand.workedOn();
  }

  @Override
  public void renew() {
    inHand.renew();
  }

  @Override
  public List<String> tend() {
    return pending.tend();
  }

  Claiming claiming() {
    return claiming;
  }

  /** Redis may have handed us entries in a reply that was lost: nobody works on them, and nobody should wait for their leases to run out. */
  void giveBackWhatNeverArrived() {
    var missed = pending.held().stream().filter(lease -> !inHand.holds(lease)).toList();
    if (!missed.isEmpty()) {
      pending.release(missed);
      claiming.hurry();
    }
  }
}
