package dev.tributary.application;

import dev.tributary.domain.order.Order;
import dev.tributary.domain.user.UserId;
import java.util.Optional;

/** A user's orders. An order is listed in the same step that stores it. */
public interface OrderHistory {

  /**
   * @param after the {@link Page#next()} of the page before; empty for the first page
   * @param limit 1–200
   * @return newest first
   * @throws IllegalArgumentException if the cursor is none that this gave out
   * @throws StoreUnavailableException if the store does not answer
   */
  Page<Order> ordersOf(UserId userId, Optional<String> after, int limit);
}
