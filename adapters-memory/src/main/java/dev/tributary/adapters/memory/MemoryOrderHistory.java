package dev.tributary.adapters.memory;

import dev.tributary.application.OrderHistory;
import dev.tributary.application.OrderPlace;
import dev.tributary.application.Page;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.user.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Sorts a user's orders anew for each page: memory is for few. */
final class MemoryOrderHistory implements OrderHistory {

  private final MemoryStore store;

  MemoryOrderHistory(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Page<Order> ordersOf(UserId userId, Optional<String> after, int limit) {
    Page.requireLimit(limit);
    Optional<String> before = after.map(OrderPlace::new).map(OrderPlace::text);
    List<Order> older = store.all(Order.class)
        .stream()
        .filter(order -> order.purchase().userId().equals(userId))
        .filter(order -> before.isEmpty() || place(order).compareTo(before.get()) < 0)
        .sorted(Comparator.comparing(MemoryOrderHistory::place).reversed())
        .toList();
    List<Order> shown = older.subList(0, Math.min(limit, older.size()));
    return new Page<>(shown, older.size() > limit ? Optional.of(place(shown.getLast())) : Optional.empty());
  }

  private static String place(Order order) {
    return OrderPlace.of(order).text();
  }
}
