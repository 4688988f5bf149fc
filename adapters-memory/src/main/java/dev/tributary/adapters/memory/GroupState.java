package dev.tributary.adapters.memory;

import dev.tributary.application.ConsumerStatus;
import dev.tributary.application.ConsumerStatus.Kind;
import dev.tributary.application.GroupStatus;
import dev.tributary.application.PendingDelivery;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a group has read in one partition, and what it holds. Where its order is per key, one consumer at a time reads the partition. Guarded by the
 * store's lock.
 */
final class GroupState {

  /** Holds what waits: whoever had it can neither renew nor settle it any more. */
  private static final Consumer NOBODY = Consumer.gone("nobody");

  private final SubscriptionSpec<?> spec;
  private final NavigableMap<EntryId, Recorded<?>> entries;
  private final AtomicLong fences;
  private final Lanes lanes;
  private final NavigableMap<EntryId, Pending> pending = new TreeMap<>();
  private final Set<Consumer> consumers = new LinkedHashSet<>();
  private EntryId read = EntryId.START;
  /** Who reads the partition, where the order is per key, and until when a crash leaves it to it. */
  private Consumer reader = NOBODY;
  private Instant readerUntil = Instant.MIN;

  /** @param freeAt when the next consumer may take it: at the end of its lease, or when its retry is due */
  private record Pending(Held held, Instant freeAt) {

    /** A consumer that is alive keeps what it works on, however far the clock has jumped. */
    boolean isFree(Instant now) {
      return held.consumer().isGone() && !freeAt.isAfter(now);
    }
  }

  /** @param fences gives every delivery its own, also to those of a group that is made again */
  GroupState(SubscriptionSpec<?> spec, NavigableMap<EntryId, Recorded<?>> entries, AtomicLong fences) {
    this.spec = spec;
    this.lanes = new Lanes(spec);
    this.entries = entries;
    this.fences = fences;
  }

  void join(Consumer consumer) {
    consumers.add(consumer);
    if (consumers.stream().anyMatch(Consumer::isGone)) {
      Set<Consumer> holding = pending.values().stream().map(each -> each.held().consumer()).collect(Collectors.toSet());
      consumers.removeIf(known -> known.isGone() && !holding.contains(known));
    }
  }

  void leave(Consumer consumer) {
    consumers.remove(consumer);
    giveUp(consumer);
  }

  // Who reads.

  /** Those that are alive. */
  Set<String> members() {
    return consumers.stream()
        .filter(consumer -> !consumer.isGone())
        .map(Consumer::toString)
        .collect(Collectors.toSet());
  }

  /**
   * @param isShare whether the partition is its share; what is no longer, it gives up once it has nothing of it in hand
   * @return whether it may take anything
   */
  boolean mayRead(Consumer consumer, boolean isShare, Instant now, Duration lease) {
    if (!spec.ordering().isPerKey()) {
      return true;
    }
    if (!isShare) {
      if (heldBy(consumer) == 0) {
        giveUp(consumer);
      }
      return false;
    }
    if (reader != consumer && (!reader.isGone() || readerUntil.isAfter(now))) {
      return false;
    }
    reader = consumer;
    readerUntil = now.plus(lease);
    return true;
  }

  private void giveUp(Consumer consumer) {
    if (reader == consumer) {
      reader = NOBODY;
      readerUntil = Instant.MIN;
    }
  }

  // What is read.

  Set<String> consumers() {
    return consumers.stream().map(Consumer::toString).collect(Collectors.toSet());
  }

  /** What is free first, then what is new; never what is pending elsewhere, wherever the position stands. What waits for another is passed over. */
  List<Held> take(Consumer consumer, int limit, Instant now, Duration lease) {
    var taken = new ArrayList<Held>();
    List.copyOf(lanes.fronts())
        .stream()
        .map(id -> Objects.requireNonNull(pending.get(id)))
        .filter(candidate -> mayGo(candidate, now))
        .limit(limit)
        .forEach(free -> taken.add(handOut(consumer, free.held(), now.plus(lease))));
    for (Map.Entry<EntryId, Recorded<?>> next : entries.tailMap(read, false).entrySet()) {
      if (taken.size() == limit) {
        break;
      }
      read = next.getKey();
      if (!pending.containsKey(read)) {
        Pending added = add(new Held(NOBODY, fences.incrementAndGet(), new Stored(read, next.getValue()),
            Held.Origin.WAITING, Failures.NONE), now);
        if (lanes.fronts().contains(read) && mayGo(added, now)) {
          taken.add(handOut(consumer, added.held(), now.plus(lease)));
        }
      }
    }
    return taken;
  }

  /** One that a redrive put before another of its key does not run beside it. */
  private boolean mayGo(Pending candidate, Instant now) {
    Pending last = pending.get(lanes.lastHandedOut(candidate.held().entry()));
    return candidate.isFree(now) && (last == null || last.held().consumer() == NOBODY || last.isFree(now));
  }

  private Held handOut(Consumer consumer, Held before, Instant until) {
    Held held = handedTo(consumer, before);
    var _ = keep(held, until);
    lanes.handOut(held.entry());
    return held;
  }

  private Pending add(Held held, Instant freeAt) {
    lanes.add(held.entry());
    return keep(held, freeAt);
  }

  /** Gives up what is free and stands in the log no more. */
  List<Stored> dropLost(Instant now) {
    List<Stored> lost = pending.values()
        .stream()
        .filter(candidate -> candidate.isFree(now))
        .map(Pending::held)
        .filter(held -> held.origin() != Held.Origin.REDRIVEN && !entries.containsKey(held.entry().id()))
        .map(Held::entry)
        .toList();
    lost.forEach(this::remove);
    return lost;
  }

  void renew(Held held, Instant until) {
    var _ = keep(held, until);
  }

  /** Whether the delivery is still that consumer's: whoever took it over has another fence. */
  boolean holds(Held held) {
    Pending current = pending.get(held.entry().id());
    return current != null && current.held().fence() == held.fence() && !held.consumer().isGone()
        && (!spec.ordering().isPerKey() || reader == held.consumer());
  }

  void settle(Held held) {
    remove(held.entry());
  }

  private void remove(Stored entry) {
    pending.remove(entry.id());
    lanes.remove(entry);
  }

  /** Leaves it to whoever comes first from then on. */
  void free(Held held, Failures failures, Instant at) {
    var _ = keep(held.handedTo(NOBODY, fences.incrementAndGet(), failures), at);
  }

  /** Takes a dead letter's entry back. What is pending already comes anyway. */
  void revive(Stored entry, Instant at) {
    if (!pending.containsKey(entry.id())) {
      var _ = add(new Held(NOBODY, fences.incrementAndGet(), entry, Held.Origin.REDRIVEN, Failures.NONE), at);
    }
  }

  /** Hands everything that is pending to a consumer that will do nothing with it. */
  void seize(Consumer thief, Instant until) {
    consumers.add(thief);
    reader = thief;
    readerUntil = until;
    for (Pending taken : List.copyOf(pending.values())) {
      var _ = keep(handedTo(thief, taken.held()), until);
    }
  }

  void rewind() {
    read = EntryId.START;
  }

  boolean hasSettled(EntryId id) {
    return id.compareTo(read) <= 0 && !pending.containsKey(id);
  }

  long unsettled() {
    return pending.size()
        + entries.tailMap(read, false).keySet().stream().filter(id -> !pending.containsKey(id)).count();
  }

  /** @param deadLetters which are no part of the group */
  GroupStatus status(Group group, long deadLetters, Instant now) {
    List<EntryId> lag = entries.tailMap(read, false).keySet().stream().filter(id -> !pending.containsKey(id)).toList();
    long retrying = pending.values().stream().filter(GroupState::waitsForRetry).count();
    Duration oldest = Stream.concat(pending.keySet().stream().limit(1), lag.stream().limit(1))
        .min(Comparator.naturalOrder())
        .map(id -> age(id, now))
        .orElse(Duration.ZERO);
    return new GroupStatus(group.name(), lag.size(), pending.size(), retrying, deadLetters, oldest, consumerStatus());
  }

  private List<ConsumerStatus> consumerStatus() {
    return consumers.stream()
        .map(consumer -> new ConsumerStatus(consumer.toString(), heldBy(consumer), Duration.ZERO, Kind.OURS))
        .sorted(Comparator.comparing(ConsumerStatus::consumer))
        .toList();
  }

  private long heldBy(Consumer consumer) {
    return pending.values().stream().filter(each -> each.held().consumer() == consumer).count();
  }

  List<PendingDelivery> pending(EntryId after, int limit, Instant now) {
    return pending.entrySet()
        .stream()
        .filter(each -> each.getKey().compareTo(after) > 0)
        .limit(limit)
        .map(each -> delivery(each.getValue(), now))
        .toList();
  }

  private static PendingDelivery delivery(Pending waiting, Instant now) {
    Held held = waiting.held();
    return new PendingDelivery(held.entry().id(), held.consumer().toString(), age(held.entry().id(), now),
        held.failures().count(), waitsForRetry(waiting) ? Optional.of(waiting.freeAt()) : Optional.empty());
  }

  private static boolean waitsForRetry(Pending waiting) {
    return waiting.held().consumer() == NOBODY && waiting.held().failures().count() > 0;
  }

  private static Duration age(EntryId id, Instant now) {
    return Duration.ofMillis(Math.max(0, now.toEpochMilli() - id.millis()));
  }

  private Held handedTo(Consumer consumer, Held before) {
    return before.handedTo(consumer, fences.incrementAndGet(), before.failures());
  }

  private Pending keep(Held held, Instant freeAt) {
    var kept = new Pending(held, freeAt);
    pending.put(held.entry().id(), kept);
    return kept;
  }
}
