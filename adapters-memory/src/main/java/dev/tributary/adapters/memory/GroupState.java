package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.EntryId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** What a group has read, holds, and has handled. Guarded by the store's lock. */
final class GroupState {

  /** Holds what waits: whoever had it can neither renew nor settle it any more. */
  private static final Consumer NOBODY = new Consumer("nobody");

  private final List<Log.Stored> entries;
  private final SortedMap<EntryId, Pending> pending = new TreeMap<>();
  private final Set<UUID> handled = new HashSet<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private int read;

  /** @param freeAt when the next consumer may take it: at the end of its lease, or when its retry is due */
  private record Pending(Held held, Instant freeAt) {}

  GroupState(List<Log.Stored> entries) {
    this.entries = entries;
  }

  List<Held> take(Consumer consumer, int limit, Instant now, Duration lease) {
    var taken = new ArrayList<Held>();
    for (Pending free : pending.values()
        .stream()
        .filter(candidate -> !candidate.freeAt().isAfter(now))
        .limit(limit)
        .toList()) {
      Held before = free.held();
      taken.add(new Held(consumer, before.entryId(), before.deliveries() + 1, before.failures(), before.event()));
    }
    while (taken.size() < limit && read < entries.size()) {
      Log.Stored next = entries.get(read++);
      taken.add(new Held(consumer, next.id(), 1, 0, next.event()));
    }
    taken.forEach(held -> keep(held, now.plus(lease)));
    return taken;
  }

  /** A consumer that is alive keeps what it works on, however far the clock has jumped. */
  void renew(Held held, Instant until) {
    if (holds(held)) {
      keep(held, until);
    }
  }

  /** Whether the delivery is still that consumer's: whoever took it over has another fence. */
  boolean holds(Held held) {
    Pending current = pending.get(held.entryId());
    return current != null && current.held().consumer() == held.consumer() && !held.consumer().isGone()
        && current.held().deliveries() == held.deliveries();
  }

  boolean wasHandled(UUID cause) {
    return handled.contains(cause);
  }

  void markHandled(UUID cause) {
    handled.add(cause);
  }

  void settle(Held held) {
    pending.remove(held.entryId());
  }

  /** @param failures how many attempts have failed by now */
  void free(Held held, int failures, Instant at) {
    keep(new Held(NOBODY, held.entryId(), held.deliveries(), failures, held.event()), at);
  }

  void bury(Held held, DeadLetter letter) {
    settle(held);
    deadLetters.add(letter);
  }

  /** Hands everything that is pending to a consumer that will do nothing with it. */
  void seize(Consumer thief, Instant until) {
    for (Pending taken : List.copyOf(pending.values())) {
      Held before = taken.held();
      keep(new Held(thief, before.entryId(), before.deliveries() + 1, before.failures(), before.event()), until);
    }
  }

  long unsettled() {
    return (long) pending.size() + entries.size() - read;
  }

  List<DeadLetter> deadLetters() {
    return List.copyOf(deadLetters);
  }

  private void keep(Held held, Instant freeAt) {
    pending.put(held.entryId(), new Pending(held, freeAt));
  }
}
