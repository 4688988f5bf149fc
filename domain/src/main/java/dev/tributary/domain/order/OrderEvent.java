package dev.tributary.domain.order;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.user.UserId;

/** What can happen to an order. */
public sealed interface OrderEvent extends DomainEvent
    permits OrderCreated, OrderPaid, OrderPaymentDeclined, OrderShipped {

  Topic<OrderEvent> TOPIC = new Topic<>("order-events", OrderEvent.class);

  OrderId orderId();

  UserId userId();

  @Override
  default String key() {
    return orderId().value();
  }
}
