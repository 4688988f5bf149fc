package dev.tributary.messaging.contract;

import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.application.Messaging;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One empty store, the processes that share it, and the means to break things. Made anew for each test. What breaks the store reaches behind the
 * adapter, as an operator with the store's own tools does: no node is told.
 */
public interface Harness extends AutoCloseable {

  /** One process: it has at most {@value #CONCURRENCY} deliveries in hand for each subscription, and tries {@value #ATTEMPTS} times. */
  interface Node extends AutoCloseable {

    Messaging messaging();

    /** Ends it as SIGKILL does: nothing is given back, nothing is said. */
    void crash();

    /** Ends it in order. */
    @Override
    void close();
  }

  /**
   * What tests choose for a node.
   *
   * @param handlerTimeout by the clock that leases are timed by
   * @param retention spans of tests are some leases: what has aged must be gone within a fifth of the span
   * @param grace by the machine's clock
   * @param lease that of the harness where there is none: a process that is kept from its work for so long loses what it has
   */
  record NodeSettings(Duration handlerTimeout, Retention retention, Duration grace, Optional<Duration> lease) {

    /** Five minutes and a week, longer than any test; no group is declared, so that nothing of the log goes. */
    public static final NodeSettings DEFAULT = new NodeSettings(Duration.ofMinutes(5),
        new Retention(Duration.ofDays(7), List.of()), Duration.ofMillis(200), Optional.empty());

    NodeSettings withHandlerTimeout(Duration changed) {
      return new NodeSettings(changed, retention, grace, lease);
    }

    NodeSettings withRetention(Retention changed) {
      return new NodeSettings(handlerTimeout, changed, grace, lease);
    }

    NodeSettings withGrace(Duration changed) {
      return new NodeSettings(handlerTimeout, retention, changed, lease);
    }

    NodeSettings withLease(Duration changed) {
      return new NodeSettings(handlerTimeout, retention, grace, Optional.of(changed));
    }
  }

  int CONCURRENCY = 8;

  int ATTEMPTS = 3;

  /** How every node divides its topics. */
  Partitioning partitioning();

  default Node start() {
    return start(NodeSettings.DEFAULT);
  }

  Node start(NodeSettings settings);

  /** The lease that every node has that was not given another. */
  Duration lease();

  /** Lets a little time pass, on the clock that leases are timed by. A server's passes by itself. */
  void tick();

  /** By the clock that leases are timed by, in ms. */
  long millis();

  /** Between two looks at what tests wait for: where a look costs much, they must not do nothing else. */
  default Duration pause() {
    return Duration.ofMillis(5);
  }

  /** Stops the store and starts it again, with all that it had confirmed. */
  void restartStore();

  /**
   * Takes everything that is pending in a group away from whoever has it, as a takeover does, for one lease; where its order is per key, the
   * partitions too.
   */
  void seize(Topic<?> topic, Group group);

  /** Removes a group with its position and all that is pending; its dead letters and its marks of what was handled stay. */
  void destroyGroup(Topic<?> topic, Group group);

  /** Puts a group back to the start of the log; what is pending stays pending. */
  void rewind(Topic<?> topic, Group group);

  /** Deletes entries from the log, also those that are pending somewhere, and says so to no group. */
  void delete(Topic<?> topic, Set<EntryId> entries);

  /**
   * Lets the lifetime of one state end.
   *
   * @throws IllegalStateException if it has none, or a longer one than its aggregate says
   */
  void expire(StateKey<?> key);

  /** Deletes everything: logs, groups, states, marks, dead letters. */
  void empty();

  /** What the group has not settled: pending or not yet delivered; {@link Long#MAX_VALUE} while there is no such group. */
  long unsettled(Topic<?> topic, Group group);

  long deadLetters(Topic<?> topic, Group group);

  /** The names of the consumers that the store knows in a group; none while there is no such group. */
  Set<String> consumers(Topic<?> topic, Group group);

  /** How often it happened, at all nodes together. */
  default long happened(Happening what) {
    return tally().of(what);
  }

  /** The one monitor of all nodes, of crashed and closed ones too. */
  Tally tally();

  /** Connections that nodes hold to the store; 0 where there are none to hold. */
  long connections();

  @Override
  void close();
}
