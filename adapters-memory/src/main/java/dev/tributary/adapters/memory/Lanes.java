package dev.tributary.adapters.memory;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The entries that a group has not settled, in lanes: those of one key where its order is per key and it handles them, else each in its own. Only the first of a lane may
 * go. Guarded by the store's lock.
 */
final class Lanes {

  private final SubscriptionSpec<?> spec;
  private final Map<Object, Lane> lanes = new HashMap<>();
  private final NavigableSet<EntryId> fronts = new TreeSet<>();

  /** @param lastHandedOut {@link EntryId#START} before any was */
  private record Lane(NavigableSet<EntryId> entries, EntryId lastHandedOut) {}

  Lanes(SubscriptionSpec<?> spec) {
    this.spec = spec;
  }

  void add(Stored entry) {
    Lane lane = lanes.computeIfAbsent(nameOf(entry), _ -> new Lane(new TreeSet<>(), EntryId.START));
    if (!lane.entries().isEmpty()) {
      fronts.remove(lane.entries().first());
    }
    lane.entries().add(entry.id());
    fronts.add(lane.entries().first());
  }

  void remove(Stored entry) {
    Lane lane = lanes.get(nameOf(entry));
    if (lane == null || !lane.entries().remove(entry.id())) {
      return;
    }
    fronts.remove(entry.id());
    if (lane.entries().isEmpty()) {
      lanes.remove(nameOf(entry));
    } else {
      fronts.add(lane.entries().first());
    }
  }

  void handOut(Stored entry) {
    lanes.computeIfPresent(nameOf(entry), (_, lane) -> new Lane(lane.entries(), entry.id()));
  }

  /** The last of its lane that a consumer got: one that was put before it, by a redrive, must not run beside it. */
  EntryId lastHandedOut(Stored entry) {
    Lane lane = lanes.get(nameOf(entry));
    return lane == null ? EntryId.START : lane.lastHandedOut();
  }

  NavigableSet<EntryId> fronts() {
    return fronts;
  }

  private Object nameOf(Stored entry) {
    DomainEvent event = entry.event().event();
    return spec.ordering().isPerKey() && spec.events().isInstance(event) ? event.key() : entry.id();
  }
}
