package dev.tributary.domain.messaging;

import java.util.List;

/**
 * What one cause leads to: committed as a whole or not at all. All of it belongs to one partition of one topic.
 *
 * @param changes at most one for each state
 * @param events appended in this order
 */
public record Work(List<Change<?>> changes, List<Recorded<?>> events) {

  public static final Work NONE = new Work(List.of(), List.of());

  /** @throws IllegalArgumentException if a state is changed twice */
  public Work {
    changes = List.copyOf(changes);
    events = List.copyOf(events);
    if (changes.size() > 1 && changes.stream().map(Change::key).distinct().count() < changes.size()) {
      throw new IllegalArgumentException("changes one state twice");
    }
  }

  /** Whether nothing follows, so that there is nothing to protect from being done twice. */
  public boolean isNone() {
    return changes.isEmpty() && events.isEmpty();
  }

  /** The same work, its events as ones that came from that step. */
  public Work from(TraceParent step) {
    return new Work(changes, events.stream().<Recorded<?>>map(event -> event.from(step)).toList());
  }

  /** @throws IllegalArgumentException if any of it belongs to another topic: no store could commit it in one step */
  public void requireWithin(Topic<?> topic) {
    for (Change<?> change : changes) {
      if (!change.key().aggregate().topic().equals(topic)) {
        throw new IllegalArgumentException("changes state outside " + topic);
      }
    }
    for (Recorded<?> event : events) {
      if (!topic.events().isInstance(event.event())) {
        throw new IllegalArgumentException("has events outside " + topic);
      }
    }
  }

  /** @throws IllegalArgumentException if any of it belongs to another topic or partition: no store could commit it in one step */
  public void requireWithin(Topic<?> topic, Partitioning partitioning, int partition) {
    requireWithin(topic);
    changes.forEach(change -> requireIn(partition, partitioning, change.key().id(), topic));
    events.forEach(event -> requireIn(partition, partitioning, event.event().key(), topic));
  }

  private static void requireIn(int partition, Partitioning partitioning, String key, Topic<?> topic) {
    if (partitioning.of(key) != partition) {
      throw new IllegalArgumentException("reaches beyond partition " + partition + " of " + topic);
    }
  }
}
