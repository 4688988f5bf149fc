package dev.tributary.adapters.redis;

import static dev.tributary.adapters.redis.Replies.fields;
import static dev.tributary.adapters.redis.Replies.list;
import static dev.tributary.adapters.redis.Replies.text;
import static dev.tributary.adapters.redis.Replies.texts;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import io.lettuce.core.Consumer;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One consumer's right to a partition that its group reads in order: nobody else takes it as long as the lease lasts, and nothing counts of who has
 * lost it, by the fencing number. All throw {@link dev.tributary.application.StoreUnavailableException}.
 */
final class PartitionLease {

  /** However long a delivery may take: after a crash nobody reads the partition until then. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final Connections connections;
  private final Keys keys;
  private final Group group;
  private final String consumer;
  private final Duration deliveryLease;

  /**
   * @param fence greater than any before
   * @param news how often entries were put back into the pending list from outside
   */
  record Hold(long fence, long news) {}

  /** What a read or a walk came to. */
  sealed interface Found {

    /** The partition is somebody else's. */
    record Lost() implements Found {}

    /** What is pending has to be walked through first. */
    record News(long number) implements Found {}

    record New(List<Delivered> deliveries) implements Found {}

    /**
     * @param next from where to walk on; empty if that was all
     * @param gone ids of entries that were deleted while they were pending
     * @param taken how many of them others had
     */
    record Pending(List<Due> deliveries, Optional<String> next, List<String> gone, long taken) implements Found {}
  }

  /** @param in how long until its retry; nothing if none waits */
  record Due(Delivered delivered, Duration in) {}

  /** @param deliveryLease how long others may have a delivery */
  PartitionLease(Connections connections, Keys keys, Group group, String consumer, Duration deliveryLease) {
    this.connections = connections;
    this.keys = keys;
    this.group = group;
    this.consumer = consumer;
    this.deliveryLease = deliveryLease;
  }

  /** How long a silent process keeps its partitions: as long as a delivery, but no more than 5 s. */
  static Duration length(Duration deliveryLease) {
    return deliveryLease.compareTo(LONGEST) < 0 ? deliveryLease : LONGEST;
  }

  /** @return empty while it is somebody else's */
  Optional<Hold> take() {
    return Optional.of(tenure(Lease.NO_FENCE)).filter(hold -> hold.fence() != Lease.NO_FENCE);
  }

  /** @return false if it is somebody else's; also where it had run out it may still be ours */
  boolean renew(long fence) {
    return tenure(fence).fence() == fence;
  }

  private Hold tenure(long fence) {
    List<Object> reply = Script.TENURE.call(connections, List.of(keys.lease(group), keys.former(group)), consumer,
        Long.toString(length(deliveryLease).toMillis()), Long.toString(fence));
    return new Hold((Long) reply.get(0), (Long) reply.get(1));
  }

  /** What was in hand stays pending, for the next owner. */
  void leave(long fence) {
    Script.LEAVE.call(connections,
        List.of(keys.stream(), keys.lease(group), keys.consumers(group), keys.former(group)), group.name(), consumer,
        Long.toString(fence));
  }

  /**
   * A plain read, and right behind it the question whether it counts. What did not count stays pending: the next walk finds it.
   *
   * @param thorough whether to look too for what strangers have had for too long
   * @param last the last entry that this consumer knows of: where another one than the first of the read is pending for it behind that, a read whose
   *        reply was lost came late
   */
  @SuppressWarnings("unchecked") // An array of one.
  Found read(Hold hold, int limit, boolean thorough, EntryId last) {
    RedisClusterAsyncCommands<String, byte[]> redis = connections.shared();
    CompletionStage<List<StreamMessage<String, byte[]>>> read = redis
        .xreadgroup(Consumer.from(group.name(), consumer), XReadArgs.Builder.count(limit),
            XReadArgs.StreamOffset.lastConsumed(keys.stream()));
    if (connections.isCluster()) {
      // A node that has moved the slot sends both elsewhere, in whatever order.
      connections.await(read);
      redis = connections.shared();
    }
    CompletionStage<List<Object>> check = check(redis, hold, thorough, last);
    List<StreamMessage<String, byte[]>> messages = connections.await(read);
    List<Object> reply = connections.await(check);
    return switch (text(reply.getFirst())) {
      case "owned" -> isMissed(text(reply.get(1)), messages)
          ? new Found.News(hold.news())
          : new Found.New(messages.stream().map(message -> fresh(message, hold)).toList());
      case "news" -> new Found.News(Long.parseLong(text(reply.get(1))));
      default -> new Found.Lost();
    };
  }

  /** @param pending empty also where a group was set back, and reads what it had known before */
  private static boolean isMissed(String pending, List<StreamMessage<String, byte[]>> read) {
    return !pending.isEmpty() && (read.isEmpty() || !pending.equals(read.getFirst().getId()));
  }

  private CompletionStage<List<Object>> check(RedisClusterAsyncCommands<String, byte[]> redis, Hold hold,
      boolean thorough, EntryId last) {
    return Script.CHECK.send(redis,
        List.of(keys.stream(), keys.lease(group), keys.consumers(group), keys.former(group)), group.name(), consumer,
        Long.toString(hold.fence()), Long.toString(hold.news()),
        Long.toString(thorough ? deliveryLease.toMillis() : 0), last.toString());
  }

  private static Delivered fresh(StreamMessage<String, byte[]> message, Hold hold) {
    return new Delivered(new Lease(message.getId(), 1, hold.fence()), new Entry(message.getId(), message.getBody()), 0);
  }

  /** @param from where the walk before ended; empty to begin */
  Found walk(Hold hold, Optional<String> from, int limit) {
    return walk(hold, from.map(id -> "(" + id).orElse("-"), "+", limit);
  }

  /** Whether an entry was deleted while it was pending; then it is no longer pending either. */
  boolean isGone(Hold hold, String entryId) {
    return walk(hold, entryId, entryId, 1) instanceof Found.Pending pending && pending.gone().contains(entryId);
  }

  private Found walk(Hold hold, String from, String to, int limit) {
    List<Object> reply = Script.WALK.call(connections,
        List.of(keys.stream(), keys.lease(group), keys.due(group), keys.retry(group), keys.consumers(group),
            keys.former(group)),
        group.name(), consumer, Long.toString(hold.fence()), from, to, Integer.toString(limit),
        Long.toString(deliveryLease.toMillis()));
    if (!text(reply.getFirst()).equals("walked")) {
      return new Found.Lost();
    }
    return new Found.Pending(list(reply.get(4)).stream().map(entry -> due(list(entry), hold)).toList(),
        Optional.of(text(reply.get(1))).filter(id -> !id.isEmpty()),
        texts(reply.get(2)), (Long) reply.get(3));
  }

  private static Due due(List<?> entry, Hold hold) {
    String id = text(entry.get(0));
    var lease = new Lease(id, (Long) entry.get(1), hold.fence());
    long failures = (Long) entry.get(2);
    return new Due(new Delivered(lease, new Entry(id, fields(entry.get(4))), (int) failures, true),
        Duration.ofMillis((Long) entry.get(3)));
  }

  Standing standing(Hold hold, String key, String entryId) {
    List<Object> reply = Script.BEHIND.call(connections, List.of(keys.parked(group), keys.lease(group)), key, entryId,
        Long.toString(hold.news()));
    return switch (text(reply.getFirst())) {
      case "free" -> Standing.FREE;
      case "behind" -> new Standing.Behind(text(reply.get(1)));
      default -> new Standing.Unknown();
    };
  }
}
