package dev.tributary.domain.user;

import dev.tributary.domain.IdSyntax;

/** Names a user. Ours are UUIDs: version 7, or version 8 under an idempotency key. One from another producer keeps its id. */
public record UserId(String value) {

  /** @throws IllegalArgumentException if the value breaks {@link IdSyntax} */
  public UserId {
    IdSyntax.require(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
