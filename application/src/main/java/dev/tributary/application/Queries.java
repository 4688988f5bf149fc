package dev.tributary.application;

import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.Welcome;
import java.time.Instant;
import java.util.Optional;

/** What clients may look at. Every call throws {@link StoreUnavailableException} if the store does not answer. */
public final class Queries {

  private final UnitOfWork store;
  private final OrderHistory history;

  public Queries(UnitOfWork store, OrderHistory history) {
    this.store = store;
    this.history = history;
  }

  public Optional<UserView> user(UserId id) {
    return store.load(User.key(id)).map(user -> new UserView(user.state(), welcomed(id)));
  }

  public Optional<Order> order(OrderId id) {
    return store.load(Order.key(id)).map(Versioned::state);
  }

  /** As {@link OrderHistory#ordersOf}; empty for a user we don't hold. */
  public Optional<Page<Order>> ordersOf(UserId userId, Optional<String> after, int limit) {
    return store.load(User.key(userId)).map(_ -> history.ordersOf(userId, after, limit));
  }

  private Optional<Instant> welcomed(UserId id) {
    return store.load(Welcome.key(id)).map(welcome -> welcome.state().sentAt());
  }

  /** @param welcomeEmailSentAt empty until the mail server took the welcome mail */
  public record UserView(User user, Optional<Instant> welcomeEmailSentAt) {}
}
