package dev.tributary.domain.order;

import dev.tributary.domain.user.UserId;

/** The shipping service took the parcel of an order. */
public record OrderShipped(OrderId orderId, UserId userId, String trackingNumber) implements OrderEvent {

  public static final String TYPE = "order_shipped";

  @Override
  public String type() {
    return TYPE;
  }
}
