package dev.tributary.application;

import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import java.util.List;

/** Sends parcels. */
public interface Shipping {

  /**
   * Blocks until the service has answered, 10 s at most.
   *
   * @param orderId also the idempotency key: an order is shipped once, however often this is called
   */
  Answer<Shipped> ship(OrderId orderId, UserId userId, List<LineItem> items) throws InterruptedException;

  /** @param trackingNumber the service's own number */
  record Shipped(String trackingNumber) {}
}
