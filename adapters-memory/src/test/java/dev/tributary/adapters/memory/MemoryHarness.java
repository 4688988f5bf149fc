package dev.tributary.adapters.memory;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Messaging;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.MovableClock;
import java.time.Duration;
import java.time.Instant;

/** Several processes, so to speak, that share one memory. */
final class MemoryHarness implements Harness {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final MovableClock clock = new MovableClock(Instant.ofEpochMilli(1_800_000_000_000L));
  private final MemoryStore store = new MemoryStore(clock);

  @Override
  public Node start() {
    var messaging = new MemoryMessaging(store,
        new MemorySettings(clock, new DeliverySettings(LEASE, ATTEMPTS, Duration.ofMillis(100), Duration.ofSeconds(1),
            CONCURRENCY, Duration.ofMillis(200))));
    return new Node() {
      @Override
      public Messaging messaging() {
        return messaging;
      }

      @Override
      public void crash() {
        messaging.crash();
      }

      @Override
      public void close() {
        messaging.close();
      }
    };
  }

  @Override
  public Duration lease() {
    return LEASE;
  }

  @Override
  public void tick() {
    clock.advance(LEASE.dividedBy(10));
  }

  @Override
  public long millis() {
    return clock.millis();
  }

  @Override
  public void restartStore() {
    // Memory does not survive its process; here it is the processes that end.
  }

  @Override
  public void seize(Topic<?> topic, Group group) {
    store.seize(topic, group, LEASE);
  }

  @Override
  public long unsettled(Topic<?> topic, Group group) {
    return store.unsettled(topic, group);
  }

  @Override
  public long deadLetters(Topic<?> topic, Group group) {
    return store.deadLetters(topic, group).size();
  }

  @Override
  public long connections() {
    return 0;
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
