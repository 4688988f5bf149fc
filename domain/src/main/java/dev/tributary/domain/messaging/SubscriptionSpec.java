package dev.tributary.domain.messaging;

import dev.tributary.domain.DomainEvent;

/**
 * Who reads what.
 *
 * @param events what the group handles: one event or a sealed family of them. It passes over (settles) everything else in the topic
 */
public record SubscriptionSpec<E extends DomainEvent>(Topic<? super E> topic, Group group, Class<E> events) {}
