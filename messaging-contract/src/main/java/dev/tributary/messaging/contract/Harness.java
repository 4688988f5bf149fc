package dev.tributary.messaging.contract;

import dev.tributary.application.Messaging;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;

/** One empty store, the processes that share it, and the means to break things. Made anew for each test. */
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

  int CONCURRENCY = 8;

  int ATTEMPTS = 3;

  Node start();

  /** The lease that every node has. */
  Duration lease();

  /** Lets a little time pass, on the clock that leases are timed by. A server's passes by itself. */
  void tick();

  /** By the clock that leases are timed by, in ms. */
  long millis();

  /** Stops the store and starts it again, with all that it had confirmed. */
  void restartStore();

  /** Takes everything that is pending in a group away from whoever has it, as a takeover does, for one lease. */
  void seize(Topic<?> topic, Group group);

  /** What the group has not settled: pending or not yet delivered. */
  long unsettled(Topic<?> topic, Group group);

  long deadLetters(Topic<?> topic, Group group);

  /** Connections that nodes hold to the store; 0 where there are none to hold. */
  long connections();

  @Override
  void close();
}
