package dev.tributary.adapters.memory;

import dev.tributary.application.DeadLetters;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Messaging;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.MovableClock;
import dev.tributary.messaging.contract.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Several processes, so to speak, that share one memory. */
final class MemoryHarness implements Harness {

  private static final DeadLetters.Selection EVERY = new DeadLetters.Selection.Filter(Optional.empty(),
      Optional.empty(),
      Optional.empty());
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration TICK = Duration.ofMillis(100);

  private final MovableClock clock = new MovableClock(Instant.ofEpochMilli(1_800_000_000_000L));
  private final Partitioning partitioning;
  private final MemoryStore store;
  private final MemoryTools tools;
  private final Tally tally = new Tally();

  MemoryHarness(Partitioning partitioning) {
    this.partitioning = partitioning;
    this.store = new MemoryStore(clock, partitioning);
    this.tools = new MemoryTools(store);
  }

  @Override
  public Partitioning partitioning() {
    return partitioning;
  }

  @Override
  public Node start(NodeSettings node) {
    var deliveries = new DeliverySettings(node.lease().orElse(LEASE), ATTEMPTS, Duration.ofMillis(100),
        Duration.ofSeconds(1), CONCURRENCY, node.grace(), node.handlerTimeout());
    var messaging = new MemoryMessaging(store, new MemorySettings(clock, deliveries, node.retention(), partitioning),
        tally);
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
    clock.advance(TICK);
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
    tools.seize(topic, group, LEASE);
  }

  @Override
  public void destroyGroup(Topic<?> topic, Group group) {
    tools.destroy(topic, group);
  }

  @Override
  public void rewind(Topic<?> topic, Group group) {
    tools.rewind(topic, group);
  }

  @Override
  public void delete(Topic<?> topic, Set<EntryId> entries) {
    tools.delete(topic, entries);
  }

  @Override
  public void expire(StateKey<?> key) {
    Duration lifetime = key.aggregate().lifetime().orElseThrow();
    clock.advance(lifetime.minusMillis(1));
    if (store.load(key).isEmpty()) {
      throw new IllegalStateException(key + " lived too short");
    }
    clock.advance(Duration.ofMillis(1));
  }

  @Override
  public void empty() {
    store.empty();
  }

  @Override
  public Set<String> consumers(Topic<?> topic, Group group) {
    return tools.consumers(topic, group);
  }

  @Override
  public Tally tally() {
    return tally;
  }

  @Override
  public long unsettled(Topic<?> topic, Group group) {
    return tools.unsettled(topic, group);
  }

  @Override
  public long deadLetters(Topic<?> topic, Group group) {
    return IntStream.range(0, partitioning.count())
        .mapToLong(partition -> store.count(topic, partition, group, EVERY))
        .sum();
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
