package dev.tributary.domain.order;

import dev.tributary.domain.IdSyntax;

/** Names an order. Ours are UUIDs: version 7, or version 8 where it was made under an idempotency key. */
public record OrderId(String value) {

  /** @throws IllegalArgumentException if the value breaks {@link IdSyntax} */
  public OrderId {
    IdSyntax.require(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
