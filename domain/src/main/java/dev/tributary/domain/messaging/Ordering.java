package dev.tributary.domain.messaging;

/** In which order a group handles the events of one key. Events of different keys are in no order in any case, and are handled at the same time. */
public enum Ordering {

  /** In none: the consumers of the group compete for deliveries, and one that failed holds up no other. */
  NONE,

  /**
   * One at a time, in the order of the stream, also through failures: while one waits for its retry, later ones of its key wait. One process at a
   * time reads a partition. A dead letter lets the later ones of its key go on.
   */
  PER_KEY,

  /**
   * As {@link #PER_KEY}, but that later ones of a dead letter's key become dead letters behind it, without being handled; a redrive brings them back
   * in their order.
   */
  PER_KEY_PARKED;

  public boolean isPerKey() {
    return this != NONE;
  }
}
