package dev.tributary.adapters.redis;

import java.time.Duration;
import java.util.Set;

/** Rings when there may be something new in streams. For one thread that waits; any may ring. */
interface Bell extends AutoCloseable {

  /** A ring may be lost: how soon who waits looks everywhere in any case. */
  Duration LONGEST_SILENCE = Duration.ofSeconds(1);

  /**
   * @return the streams that it rang for; empty if it was rung by hand, or not in time. All of them where something may have been missed
   * @throws dev.tributary.application.StoreUnavailableException if it cannot hear anything at the moment
   */
  Set<String> await(Duration atMost) throws InterruptedException;

  /**
   * Whether a connection was lost since this was asked last: the server may have come back with older data, and whoever waited for a ring has
   * not seen anything fail.
   */
  boolean lostTouch();

  /** Wakes who waits. */
  void ring();

  @Override
  void close();
}
