package dev.tributary.adapters.redis;

import static dev.tributary.adapters.redis.EventCodec.utf8;

import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What one consumer may do to its group's pending entries: every call is one script, and every script checks first that the delivery is still
 * this consumer's. All throw {@link dev.tributary.application.StoreUnavailableException}.
 */
final class PendingEntries {

  private final Connections connections;
  private final Partition partition;
  private final Keys keys;
  private final Group group;
  private final String consumer;
  private final Duration lease;
  private String cursor = "0-0";

  /**
   * @param nextDue how long until the next retry is due; empty if none waits
   * @param gone ids of entries that were deleted while they were pending
   * @param complete whether the whole pending list was looked through
   */
  record Claimed(List<Delivered> deliveries, Optional<Duration> nextDue, List<String> gone, boolean complete) {}

  PendingEntries(Connections connections, Partition partition, Group group, String consumer, Duration lease) {
    this.connections = connections;
    this.partition = partition;
    this.keys = partition.keys();
    this.group = group;
    this.consumer = consumer;
    this.lease = lease;
  }

  /** Takes over what is free: retries that are due, and deliveries whose lease has run out. Not for several threads at once. */
  Claimed claim(int limit) {
    List<Object> reply = run(Script.CLAIM, List.of(keys.stream(), keys.due(group), keys.retry(group)), group.name(),
        consumer,
        Long.toString(lease.toMillis()), Integer.toString(limit), cursor);
    cursor = text(reply.get(0));
    long nextDue = (Long) reply.get(1);
    return new Claimed(list(reply.get(3)).stream().map(PendingEntries::delivered).toList(),
        nextDue < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(nextDue)),
        list(reply.get(2)).stream().map(PendingEntries::text).toList(),
        cursor.equals("0-0"));
  }

  /** @return those that are no longer ours */
  List<Lease> extend(Collection<Lease> leases) {
    List<Object> reply = run(Script.EXTEND, List.of(keys.stream()), arguments(leases, group.name(), consumer));
    var lost = new ArrayList<Lease>();
    for (int i = 0; i < reply.size(); i += 2) {
      lost.add(new Lease(text(reply.get(i)), Long.parseLong(text(reply.get(i + 1)))));
    }
    return lost;
  }

  /** Gives deliveries back to the other consumers, and leaves the group if nothing else is pending. */
  void release(Collection<Lease> leases) {
    run(Script.RELEASE, List.of(keys.stream()),
        arguments(leases, group.name(), consumer, Long.toString(lease.toMillis())));
  }

  /** @param cause the event's id; empty where nothing is changed or emitted, so that nothing has to be remembered */
  Verdict settle(Delivered delivered, Optional<UUID> cause, Work work) {
    var acknowledged = new Commit.Acknowledged(group, consumer, delivered.lease(),
        delivered.failures() == 0 ? Optional.empty() : Optional.of(keys.retry(group)));
    return partition.settle()
        .commit(
            Commit.of(keys, cause.map(id -> new Commit.Mark(keys.handled(group), id)), Optional.of(acknowledged),
                work));
  }

  /** @return false if the delivery is no longer ours */
  boolean retry(Delivered delivered, Duration delay) {
    return run(Script.RETRY, List.of(keys.stream(), keys.due(group), keys.retry(group)), group.name(), consumer,
        delivered.lease().entryId(), Long.toString(delivered.lease().deliveries()), Long.toString(delay.toMillis()),
        Integer.toString(delivered.attempt())).getFirst().equals(1L);
  }

  /**
   * @param attempts how often a handler has run
   * @return false if the delivery is no longer ours
   */
  boolean bury(Delivered delivered, int attempts, Failure failure) {
    return run(Script.DEAD_LETTER, List.of(keys.stream(), keys.dead(group), keys.retry(group)), group.name(), consumer,
        delivered.lease().entryId(), Long.toString(delivered.lease().deliveries()), Integer.toString(attempts),
        failure.reason(),
        failure.errorClass()).getFirst().equals(1L);
  }

  private static String[] arguments(Collection<Lease> leases, String... first) {
    var arguments = new ArrayList<>(List.of(first));
    for (Lease lease : leases) {
      arguments.add(lease.entryId());
      arguments.add(Long.toString(lease.deliveries()));
    }
    return arguments.toArray(String[]::new);
  }

  private List<Object> run(Script script, List<String> scriptKeys, String... arguments) {
    var encoded = new byte[arguments.length][];
    for (int i = 0; i < arguments.length; i++) {
      encoded[i] = utf8(arguments[i]);
    }
    return Connections.await(script.run(connections.shared(), scriptKeys.toArray(String[]::new), encoded));
  }

  private static Delivered delivered(Object reply) {
    List<?> parts = list(reply);
    String id = text(parts.get(0));
    long failures = (Long) parts.get(2);
    return new Delivered(new Lease(id, (Long) parts.get(1)), new Entry(id, fields(list(parts.get(3)))), (int) failures);
  }

  private static Map<String, byte[]> fields(List<?> strings) {
    var fields = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < strings.size(); i += 2) {
      fields.put(text(strings.get(i)), (byte[]) strings.get(i + 1));
    }
    return fields;
  }

  private static List<?> list(Object reply) {
    return (List<?>) reply;
  }

  private static String text(Object reply) {
    return new String((byte[]) reply, StandardCharsets.UTF_8);
  }
}
