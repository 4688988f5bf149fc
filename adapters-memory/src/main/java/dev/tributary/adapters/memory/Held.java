package dev.tributary.adapters.memory;

/**
 * A delivery in a consumer's hand.
 *
 * @param fence grows with every handing out: an entry that is handed out again, to whomever, is another delivery
 * @param origin how it came to its consumer
 */
record Held(Consumer consumer, long fence, Stored entry, Origin origin, Failures failures) {

  enum Origin {
    /** Read, and not in any hand yet. */
    WAITING,
    /** Read for the first time. */
    NEW,
    /** Taken over: its retry was due, or its consumer had lost its lease. */
    PENDING,
    /** As {@link #PENDING}, from a dead letter on: it needs no entry in the log. */
    REDRIVEN
  }

  /** 1 for the first. */
  int attempt() {
    return failures.count() + 1;
  }

  /** The same, in another hand. */
  Held handedTo(Consumer other, long newFence, Failures changed) {
    return new Held(other, newFence, entry, next(), changed);
  }

  private Origin next() {
    return switch (origin) {
      case WAITING -> Origin.NEW;
      case NEW, PENDING -> Origin.PENDING;
      case REDRIVEN -> Origin.REDRIVEN;
    };
  }
}
