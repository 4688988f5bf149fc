package dev.tributary.application;

import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import java.util.regex.Pattern;

/**
 * Where an order stands among its user's: by time, then by id, since derived ids do not sort by time. What sorts the texts sorts the orders.
 *
 * @param text ms since the epoch in 13 digits, a hyphen, the order's id
 */
public record OrderPlace(String text) {

  private static final int DIGITS_OF_TIME = 13;
  private static final Pattern TEXT = Pattern.compile("\\d{" + DIGITS_OF_TIME + "}-[A-Za-z0-9_-]{1,64}");

  /** @throws IllegalArgumentException if it is none, with a message for whoever sent it as a cursor */
  public OrderPlace {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException("must be the next of the page before");
    }
  }

  public static OrderPlace of(Order order) {
    Purchase purchase = order.purchase();
    String millis = Long.toString(purchase.createdAt().toEpochMilli());
    return new OrderPlace("0".repeat(Math.max(0, DIGITS_OF_TIME - millis.length())) + millis + "-" + purchase.id());
  }

  public OrderId id() {
    return new OrderId(text.substring(DIGITS_OF_TIME + 1));
  }
}
