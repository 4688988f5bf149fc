package dev.tributary.domain.order;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Aggregate;
import dev.tributary.domain.messaging.StateKey;
import java.time.Instant;
import java.util.List;

/** An order in one of its states. Only a {@link CreatedOrder} can be paid or declined, only a {@link PaidOrder} shipped. */
public sealed interface Order permits CreatedOrder, PaidOrder, DeclinedOrder, ShippedOrder {

  Aggregate<Order> AGGREGATE = new Aggregate<>("order", OrderEvent.TOPIC, Order.class);

  static StateKey<Order> key(OrderId id) {
    return AGGREGATE.key(id.value());
  }

  static Decision<CreatedOrder, OrderEvent> place(Purchase purchase) {
    return new Decision<>(new CreatedOrder(purchase),
        List.of(new OrderCreated(purchase.id(), purchase.userId(), purchase.total(), purchase.items())));
  }

  Purchase purchase();

  /** What happened to it so far, oldest first. */
  List<Step> history();

  /** @param type the event's {@linkplain dev.tributary.domain.DomainEvent#type() type} */
  record Step(String type, Instant at) {}
}
