package dev.tributary.adapters.memory;

import dev.tributary.application.OrderHistory;
import dev.tributary.application.Page;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sorts a user's orders anew for each page: memory is for few. */
final class MemoryOrderHistory implements OrderHistory {

  private static final Pattern CURSOR = Pattern.compile("\\d{13}-[A-Za-z0-9_-]{1,64}");

  private final MemoryStore store;

  MemoryOrderHistory(MemoryStore store) {
    this.store = store;
  }

  @Override
  public Page<Order> ordersOf(UserId userId, Optional<String> after, int limit) {
    if (limit < 1 || limit > 200) {
      throw new IllegalArgumentException("must be a whole number from 1 to 200");
    }
    if (after.isPresent() && !CURSOR.matcher(after.get()).matches()) {
      throw new IllegalArgumentException("must be the next of the page before");
    }
    List<Order> older = store.all(Order.class)
        .stream()
        .filter(order -> order.purchase().userId().equals(userId))
        .filter(order -> after.isEmpty() || place(order).compareTo(after.get()) < 0)
        .sorted(Comparator.comparing(MemoryOrderHistory::place).reversed())
        .toList();
    List<Order> shown = older.subList(0, Math.min(limit, older.size()));
    return new Page<>(shown, older.size() > limit ? Optional.of(place(shown.getLast())) : Optional.empty());
  }

  private static String place(Order order) {
    Purchase purchase = order.purchase();
    return String.format(Locale.ROOT, "%013d-%s", purchase.createdAt().toEpochMilli(), purchase.id());
  }
}
