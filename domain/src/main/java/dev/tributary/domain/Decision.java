package dev.tributary.domain;

import java.util.List;

/**
 * What a pure decision leads to.
 *
 * @param state the state from now on
 * @param events what happened, in order; stored with the state or not at all
 */
public record Decision<S, E extends DomainEvent>(S state, List<E> events) {

  public Decision {
    events = List.copyOf(events);
  }
}
