package dev.tributary.application;

import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;

/** Takes money. */
public interface Payments {

  /**
   * Blocks until the service has answered, 10 s at most.
   *
   * @param orderId also the idempotency key: an order is charged once, however often this is called
   */
  Answer<Result> capture(OrderId orderId, UserId userId, Money amount) throws InterruptedException;

  /** A declined payment is a business answer as good as a taken one. */
  sealed interface Result {

    /** @param paymentId the service's own id */
    record Captured(String paymentId) implements Result {}

    /** @param code the service's own reason */
    record Declined(String code) implements Result {}
  }
}
