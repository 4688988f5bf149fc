package dev.tributary.messaging.contract;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Outcome;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A handler that remembers what it saw and does as it is told. */
final class Recorder<E extends DomainEvent> implements EventHandler<E> {

  private final List<Delivery<E>> seen = new CopyOnWriteArrayList<>();
  private final EventHandler<E> then;

  Recorder(EventHandler<E> then) {
    this.then = then;
  }

  static <E extends DomainEvent> Recorder<E> settling() {
    return new Recorder<>(_ -> Outcome.SETTLED);
  }

  @Override
  public Outcome handle(Delivery<E> delivery) throws InterruptedException {
    seen.add(delivery);
    return then.handle(delivery);
  }

  List<Delivery<E>> seen() {
    return List.copyOf(seen);
  }

  List<EventId> ids() {
    return seen.stream().map(Delivery::id).toList();
  }

  int count() {
    return seen.size();
  }
}
