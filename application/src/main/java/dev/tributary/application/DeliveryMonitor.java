package dev.tributary.application;

import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;

/**
 * Is told what becomes of deliveries, to count and time it. Called by the threads that deliver, and by those that bring the store's replies: it
 * returns at once, waits for nothing and throws nothing.
 */
@FunctionalInterface
public interface DeliveryMonitor {

  /** Counts nothing. */
  DeliveryMonitor NONE = (_, _, _, _) -> {};

  /** What may become of a delivery, or of an entry. */
  enum Happening {
    /** Its work was committed and it was acknowledged, or nothing was to be done. */
    SETTLED,
    /** Its event had been handled before; it was acknowledged. */
    DUPLICATE,
    /** An attempt failed, or ran too long. */
    FAILED,
    /** It waits for its next attempt. */
    RETRIED, DEAD_LETTERED,
    /** Its lease was lost to another consumer before its work could be committed: nothing was changed. */
    FENCED,
    /** Taken over: its retry was due, or its consumer had lost its lease. */
    CLAIMED,
    /** Its entry was deleted while it was pending: nobody can handle it any more. */
    LOST,
    /** The group had vanished and was made again; what had been settled before may come again, and is not handled twice. */
    GAP,
    /** A dead letter was removed, for its age. */
    DEAD_LETTER_EXPIRED
  }

  /** Why the store did not do what it was asked. */
  enum StoreFailure {
    /** No reply in time: what was asked may have happened. */
    TIMEOUT,
    /** No connection, or it was cut. */
    UNREACHABLE, LOADING, READ_ONLY, BUSY, OUT_OF_MEMORY,
    /** It cannot write to its disk. */
    DISK,
    /** It does not take our password, or does not give us the rights we need. */
    FORBIDDEN,
    /** A cluster has no master for what was asked, or is moving it. */
    CLUSTER_DOWN,
    /** Any other error. */
    OTHER
  }

  /** @param times how often, at least 1 */
  void happened(Happening what, Topic<?> topic, Group group, long times);

  /** Whoever asked the store got no answer, or an error in its place. Told once for each who waited. */
  default void storeFailed(StoreFailure why) {}

  /**
   * A handler has run, whatever it came to: once for each run, also where the state had moved on and it runs again.
   *
   * @param handlerTime that the handler took, without reading and committing
   */
  default void handled(Topic<?> topic, Group group, Duration handlerTime) {}

  /**
   * What a handler made of an event was committed. Not told of events that the group passes over or had handled before.
   *
   * @param sinceEvent from the event's own time until now: end to end, with every wait and failed attempt. Two clocks are compared, and a
   *        stranger may write any time into its events: it may be below 0 or absurdly long
   */
  default void settled(Topic<?> topic, Group group, Duration sinceEvent) {}
}
