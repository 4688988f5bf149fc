package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;

/**
 * Who reads what.
 *
 * @param events what the group handles: one event or a sealed family of them. It passes over (settles) everything else in the topic
 * @param ordering the same for all processes of the group
 */
public record SubscriptionSpec<E extends DomainEvent>(Topic<? super E> topic, Group group, Class<E> events,
    Ordering ordering) {

  /** In no order. */
  public SubscriptionSpec(Topic<? super E> topic, Group group, Class<E> events) {
    this(topic, group, events, Ordering.NONE);
  }

  /** The same group in another order. */
  public SubscriptionSpec<E> ordered(Ordering changed) {
    return new SubscriptionSpec<>(topic, group, events, changed);
  }
}
