package dev.tributary.domain.order;

import dev.tributary.domain.user.UserId;

/** The payment service took the money for an order. */
public record OrderPaid(OrderId orderId, UserId userId, Money amount, String paymentId) implements OrderEvent {

  public static final String TYPE = "order_paid";

  @Override
  public String type() {
    return TYPE;
  }
}
