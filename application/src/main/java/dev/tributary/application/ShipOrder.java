package dev.tributary.application;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.DeclinedOrder;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.order.PaidOrder;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.order.ShippedOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Ships each order that we hold as paid. */
public final class ShipOrder implements EventHandler<OrderPaid> {

  private final UnitOfWork store;
  private final Shipping shipping;
  private final InstantSource clock;

  public ShipOrder(UnitOfWork store, Shipping shipping, InstantSource clock) {
    this.store = store;
    this.shipping = shipping;
    this.clock = clock;
  }

  @Override
  public Outcome handle(Delivery<OrderPaid> delivery) throws InterruptedException {
    Optional<Versioned<Order>> held = store.load(Order.key(delivery.event().orderId()));
    if (held.isEmpty()) {
      return new Outcome.Rejected("no such order: " + delivery.event().orderId());
    }
    return switch (held.get().state()) {
      case PaidOrder order -> ship(delivery, held.get(), order);
      case ShippedOrder _ -> Outcome.SETTLED;
      case CreatedOrder _,DeclinedOrder _ ->
        new Outcome.Rejected("not paid, whatever the event says: " + delivery.event().orderId());
    };
  }

  private Outcome ship(Delivery<OrderPaid> delivery, Versioned<Order> held, PaidOrder order)
      throws InterruptedException {
    Purchase purchase = order.purchase();
    return shipping.ship(purchase.id(), purchase.userId(), purchase.items())
        .toOutcome(shipped -> shipped(delivery, held, order, shipped.trackingNumber()));
  }

  private Outcome shipped(Delivery<OrderPaid> delivery, Versioned<Order> held, PaidOrder order, String trackingNumber) {
    Instant at = Time.now(clock);
    Decision<ShippedOrder, OrderEvent> decided = order.shipped(trackingNumber, at);
    return new Outcome.Settled(
        new Work(List.of(held.to(decided.state())), Cause.of(delivery).record(at, decided.events())));
  }
}
