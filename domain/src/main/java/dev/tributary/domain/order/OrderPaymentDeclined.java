package dev.tributary.domain.order;

import dev.tributary.domain.user.UserId;

/** The payment service declined to take the money for an order. */
public record OrderPaymentDeclined(OrderId orderId, UserId userId, String code) implements OrderEvent {

  public static final String TYPE = "order_payment_declined";

  @Override
  public String type() {
    return TYPE;
  }
}
