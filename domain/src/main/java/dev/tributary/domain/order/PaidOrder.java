package dev.tributary.domain.order;

import dev.tributary.domain.Decision;
import java.time.Instant;
import java.util.List;

/** Paid, waits for its shipment. */
public record PaidOrder(Purchase purchase, Payment payment) implements Order {

  public Decision<ShippedOrder, OrderEvent> shipped(String trackingNumber, Instant at) {
    return new Decision<>(new ShippedOrder(purchase, payment, new Shipment(trackingNumber, at)),
        List.of(new OrderShipped(purchase.id(), purchase.userId(), trackingNumber)));
  }

  @Override
  public List<Step> history() {
    return List.of(new Step(OrderCreated.TYPE, purchase.createdAt()), new Step(OrderPaid.TYPE, payment.at()));
  }
}
