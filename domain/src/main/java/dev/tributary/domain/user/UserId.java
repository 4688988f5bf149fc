package dev.tributary.domain.user;

import dev.tributary.domain.IdSyntax;

/** Names a user. Ours are UUIDs (version 7); one taken in from another producer keeps the id it came with. */
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
