package dev.tributary.domain.messaging;

import java.time.Duration;
import java.util.Optional;

/** What a handler makes of a delivery. It decides; its adapter commits and acknowledges, in one step. */
public sealed interface Outcome {

  /** Handled, and nothing follows from it. */
  Outcome SETTLED = new Settled(Work.NONE);

  /** Handled: the work is committed and the delivery acknowledged in one step, or neither. */
  record Settled(Work work) implements Outcome {}

  /**
   * Not now. It comes again, to this group alone.
   *
   * @param after how long to wait at least; empty leaves it to the adapter
   * @param reason for logs and dead letters; no secrets
   */
  record Retry(Optional<Duration> after, String reason) implements Outcome {}

  /**
   * Never: it goes to the group's dead letters at once.
   *
   * @param reason for the one who looks at the dead letter; no secrets
   */
  record Rejected(String reason) implements Outcome {}
}
