package dev.tributary.architecture.broken.domain.user;

import dev.tributary.architecture.broken.domain.order.KnowsUsers;
import java.util.Optional;

/** The other half. */
public record KnowsOrders(Optional<KnowsUsers> other) {

  public KnowsUsers orders() {
    return new KnowsUsers(this);
  }
}
