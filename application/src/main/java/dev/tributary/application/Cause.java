package dev.tributary.application;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What made something happen: a request or an event. The ids of the events that follow are made from it, so a second run makes the same. */
record Cause(UUID id) {

  static Cause of(Delivery<?> delivery) {
    return new Cause(delivery.id().value());
  }

  static Cause of(RequestId request) {
    return new Cause(request.value());
  }

  /** Groups that handle the same cause emit events of different types: type and position tell all events of one cause apart. */
  List<Recorded<?>> record(Instant at, List<? extends DomainEvent> events) {
    var recorded = new ArrayList<Recorded<?>>(events.size());
    for (DomainEvent event : events) {
      UUID derived = DerivedId.of(id.toString(), event.type(), Integer.toString(recorded.size()));
      recorded.add(new Recorded<>(new EventId(derived), at, event));
    }
    return List.copyOf(recorded);
  }
}
