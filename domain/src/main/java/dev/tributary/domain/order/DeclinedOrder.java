package dev.tributary.domain.order;

import java.util.List;

/** The payment service said no. Final. */
public record DeclinedOrder(Purchase purchase, Decline decline) implements Order {

  @Override
  public List<Step> history() {
    return List.of(new Step(OrderCreated.TYPE, purchase.createdAt()),
        new Step(OrderPaymentDeclined.TYPE, decline.at()));
  }
}
