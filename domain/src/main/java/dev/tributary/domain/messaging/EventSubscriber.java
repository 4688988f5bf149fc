package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;

/** Brings every event of a topic to a group, from the first that is kept, also to a group that starts late. */
public interface EventSubscriber {

  /**
   * Starts to deliver, and returns at once, also while the store is away. Each call is a consumer of its own; several consumers of one group,
   * here or in other processes, share the deliveries.
   */
  <E extends DomainEvent> Subscription subscribe(SubscriptionSpec<E> spec, EventHandler<E> handler);
}
