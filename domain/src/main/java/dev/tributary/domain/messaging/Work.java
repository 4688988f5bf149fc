package dev.tributary.domain.messaging;

import java.util.List;
import java.util.stream.Stream;

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
    if (changes.stream().map(Change::key).distinct().count() < changes.size()) {
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
    Stream<Topic<?>> states = changes.stream().map(change -> change.key().aggregate().topic());
    if (!states.allMatch(topic::equals)) {
      throw new IllegalArgumentException("changes state outside " + topic);
    }
    if (!events.stream().allMatch(event -> topic.events().isInstance(event.event()))) {
      throw new IllegalArgumentException("has events outside " + topic);
    }
  }

  /** @throws IllegalArgumentException if any of it belongs to another topic or partition: no store could commit it in one step */
  public void requireWithin(Topic<?> topic, Partitioning partitioning, int partition) {
    requireWithin(topic);
    Stream<String> keys = Stream.concat(changes.stream().map(change -> change.key().id()),
        events.stream().map(event -> event.event().key()));
    if (!keys.allMatch(key -> partitioning.of(key) == partition)) {
      throw new IllegalArgumentException("reaches beyond partition " + partition + " of " + topic);
    }
  }
}
