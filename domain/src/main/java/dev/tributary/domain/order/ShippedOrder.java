package dev.tributary.domain.order;

import java.util.List;

/** On its way. Final. */
public record ShippedOrder(Purchase purchase, Payment payment, Shipment shipment) implements Order {

  @Override
  public List<Step> history() {
    return List.of(new Step(OrderCreated.TYPE, purchase.createdAt()), new Step(OrderPaid.TYPE, payment.at()),
        new Step(OrderShipped.TYPE, shipment.at()));
  }
}
