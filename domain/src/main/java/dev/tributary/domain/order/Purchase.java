package dev.tributary.domain.order;

import dev.tributary.domain.user.UserId;
import java.time.Instant;
import java.util.Currency;
import java.util.List;

/**
 * What was ordered, by whom and when: the part of an order that never changes.
 *
 * @param items 1–{@value #MOST_ITEMS} lines, all of one currency
 */
public record Purchase(OrderId id, UserId userId, List<LineItem> items, Instant createdAt) {

  public static final int MOST_ITEMS = 100;

  /** @throws IllegalArgumentException if there is no item, more than {@value #MOST_ITEMS}, or more than one currency */
  public Purchase {
    items = List.copyOf(items);
    requireItems(items.size());
    if (items.stream().map(item -> item.unitPrice().currency()).distinct().count() > 1) {
      throw new IllegalArgumentException("must all be of one currency");
    }
  }

  /** @throws IllegalArgumentException with a message fit for clients */
  public static void requireItems(int count) {
    if (count < 1 || count > MOST_ITEMS) {
      throw new IllegalArgumentException("must have 1-100 items");
    }
  }

  public Currency currency() {
    return items.getFirst().unitPrice().currency();
  }

  /** The exact sum of all lines. */
  public Money total() {
    return items.stream().map(LineItem::price).reduce(Money::plus).orElseThrow();
  }
}
