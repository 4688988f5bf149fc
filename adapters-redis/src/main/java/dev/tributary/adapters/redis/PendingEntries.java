package dev.tributary.adapters.redis;

import static dev.tributary.adapters.redis.Replies.fields;
import static dev.tributary.adapters.redis.Replies.list;
import static dev.tributary.adapters.redis.Replies.text;
import static dev.tributary.adapters.redis.Replies.texts;

import dev.tributary.application.Failure;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Work;
import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.models.stream.PendingMessage;
import io.lettuce.core.models.stream.PendingMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What one consumer may do to its group's pending entries: every call is one script, and every script checks first that the delivery is still
 * this consumer's. All throw {@link dev.tributary.application.StoreUnavailableException}.
 */
final class PendingEntries implements Workers.Gathering {

  private static final int PAGE = 1000;
  private static final int WALKED_AT_ONCE = 1000;
  private static final String BEGINNING = "-";
  private static final int LEASES_UNTIL_GONE = 2;
  private static final Duration STRANGERS_GONE_AFTER = Duration.ofHours(1);

  private final Connections connections;
  private final Keys keys;
  private final Group group;
  private final String consumer;
  private final Duration lease;
  private final GroupCommit<Settlement> settling;
  private String walkedTo = BEGINNING;

  /**
   * @param pending how many are, also those of others
   * @param nextDue how long until the next retry is due; empty if none waits
   * @param gone ids of entries that were deleted while they were pending
   * @param walked how many of those that have very much it walked, one by one
   * @param complete whether nothing is left to walk over
   */
  record Claimed(List<Delivered> deliveries, long pending, Optional<Duration> nextDue, List<String> gone, long walked,
      boolean complete) {}

  PendingEntries(Connections connections, Partition partition, Group group, String consumer, Duration lease) {
    this(connections, partition, group, consumer, lease, GroupCommit.Follower.NOBODY);
  }

  /** @param follower has something to send behind settlements */
  PendingEntries(Connections connections, Partition partition, Group group, String consumer, Duration lease,
      GroupCommit.Follower follower) {
    this.connections = connections;
    this.keys = partition.keys();
    this.group = group;
    this.consumer = consumer;
    this.lease = lease;
    this.settling = new GroupCommit<>(connections, keys.stream(),
        settlements -> Settlement.call(keys, group, consumer, settlements), follower);
  }

  /**
   * Takes over what is free: retries that are due, and deliveries whose lease has run out. Not for several threads at once.
   *
   * @param walks whether to walk on, too, over what consumers have that have very much: a bounded piece
   */
  Claimed claim(int limit, boolean walks) {
    List<Object> reply = Script.CLAIM.call(connections, List.of(keys.stream(), keys.due(group), keys.retry(group)),
        group.name(), consumer, Long.toString(lease.toMillis()), Integer.toString(limit), walkedTo,
        Integer.toString(walks ? WALKED_AT_ONCE : 0));
    walkedTo = text(reply.get(0));
    long nextDue = (Long) reply.get(3);
    return new Claimed(list(reply.get(5)).stream().map(PendingEntries::delivered).toList(), (Long) reply.get(2),
        nextDue < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(nextDue)), texts(reply.get(4)),
        (Long) reply.get(1), walkedTo.equals(BEGINNING));
  }

  /** How many are pending, also those of others. Does not wait for the answer: of many partitions all may be asked at once. */
  CompletionStage<Long> count() {
    return connections.shared().xpending(keys.stream(), group.name()).thenApply(PendingMessages::getCount);
  }

  /** @return those that are no longer ours */
  List<Lease> extend(Collection<Lease> leases) {
    List<Object> reply = Script.EXTEND.call(connections, List.of(keys.stream()),
        arguments(leases, group.name(), consumer));
    var lost = new ArrayList<Lease>();
    for (int i = 0; i < reply.size(); i += 2) {
      lost.add(new Lease(text(reply.get(i)), Long.parseLong(text(reply.get(i + 1)))));
    }
    return lost;
  }

  /** Gives deliveries back, however many: any consumer may take them at once. */
  void release(List<Lease> leases) {
    for (int from = 0; from < leases.size(); from += PAGE) {
      release(leases.subList(from, Math.min(leases.size(), from + PAGE)), "stay");
    }
  }

  /** Gives deliveries back, and leaves the group if nothing else is pending. */
  void leave(Collection<Lease> leases) {
    release(leases, "leave");
  }

  private void release(Collection<Lease> leases, String then) {
    Script.RELEASE.call(connections, List.of(keys.stream(), keys.consumers(group)),
        arguments(leases, group.name(), consumer, Long.toString(lease.toMillis()), then));
  }

  /** @return all that Redis holds as this consumer's; what waits for a retry is nobody's */
  List<Lease> held() {
    var held = new ArrayList<Lease>();
    List<PendingMessage> page;
    Range.Boundary<String> from = Range.Boundary.unbounded();
    do {
      Range<String> range = Range.from(from, Range.Boundary.unbounded());
      page = connections.ask(
          redis -> redis.xpending(keys.stream(), Consumer.from(group.name(), consumer), range, Limit.from(PAGE)));
      page.forEach(message -> held.add(new Lease(message.getId(), message.getRedeliveryCount())));
      from = page.isEmpty() ? from : Range.Boundary.excluding(page.getLast().getId());
    } while (page.size() == PAGE);
    return held;
  }

  /**
   * Shows that this consumer is alive, notes the group's checkpoint, and removes consumers that are gone: that is only who has nothing pending
   * any more.
   *
   * @return the names of those that were removed
   */
  List<String> tend() {
    return texts(Script.TEND.call(connections,
        List.of(keys.stream(), keys.consumers(group), keys.checkpoint(group), keys.former(group)), group.name(),
        consumer, Long.toString(lease.multipliedBy(LEASES_UNTIL_GONE).toMillis()),
        Long.toString(STRANGERS_GONE_AFTER.toMillis())));
  }

  /**
   * Goes with the next {@link #flush}, or before; {@link #verdict} has the answer.
   *
   * @param cause the event's id; empty where nothing is changed or emitted, so that nothing has to be remembered
   */
  CompletableFuture<Verdict> settle(Delivered delivered, Optional<UUID> cause, Work work) {
    return settling.enqueue(Settlement.of(keys, delivered, cause, work));
  }

  @Override
  public void flush() {
    settling.flush();
  }

  /** Blocks until a settlement is judged. Without a verdict it may be stored all the same. */
  Verdict verdict(CompletableFuture<Verdict> settled) {
    return connections.await(settled);
  }

  /** @return false if the delivery is no longer ours */
  boolean retry(Delivered delivered, Duration delay) {
    return Script.RETRY
        .call(connections, List.of(keys.stream(), keys.due(group), keys.retry(group), keys.lease(group)), group.name(),
            consumer, delivered.lease().entryId(), Long.toString(delivered.lease().deliveries()),
            Long.toString(delay.toMillis()), Integer.toString(delivered.attempt()),
            Long.toString(delivered.lease().fence()))
        .getFirst()
        .equals(1L);
  }

  /**
   * @param attempts how often a handler has run
   * @param parks the key of which later ones shall wait behind it; empty if none shall
   * @return false if the delivery is no longer ours
   */
  boolean bury(Delivered delivered, int attempts, Failure failure, Optional<String> parks) {
    return Script.DEAD_LETTER
        .call(connections,
            List.of(keys.stream(), keys.dead(group), keys.retry(group), keys.due(group), keys.lease(group),
                keys.parked(group)),
            group.name(), consumer, delivered.lease().entryId(), Long.toString(delivered.lease().deliveries()),
            Integer.toString(attempts), failure.reason(), failure.errorClass(),
            Long.toString(delivered.lease().fence()), parks.orElse(""))
        .getFirst()
        .equals(1L);
  }

  /** Whether a delivery that was fenced comes all the same: it is pending, or yet to be delivered. */
  boolean comesAgain(Lease fenced) {
    return Script.COMES_AGAIN.call(connections, List.of(keys.stream()), group.name(), fenced.entryId())
        .getFirst()
        .equals(1L);
  }

  private static String[] arguments(Collection<Lease> leases, String... first) {
    var arguments = new ArrayList<>(List.of(first));
    for (Lease lease : leases) {
      arguments.add(lease.entryId());
      arguments.add(Long.toString(lease.deliveries()));
    }
    return arguments.toArray(String[]::new);
  }

  private static Delivered delivered(Object reply) {
    List<?> parts = list(reply);
    String id = text(parts.get(0));
    long failures = (Long) parts.get(2);
    return new Delivered(new Lease(id, (Long) parts.get(1)), new Entry(id, fields(parts.get(3))), (int) failures);
  }
}
