package dev.tributary.domain.order;

import dev.tributary.domain.user.UserId;
import java.util.List;

/** A user ordered something. */
public record OrderCreated(OrderId orderId, UserId userId, Money total, List<LineItem> items) implements OrderEvent {

  public static final String TYPE = "order_created";

  public OrderCreated {
    items = List.copyOf(items);
  }

  @Override
  public String type() {
    return TYPE;
  }
}
