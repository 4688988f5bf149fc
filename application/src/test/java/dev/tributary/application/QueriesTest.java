package dev.tributary.application;

import static dev.tributary.application.Samples.CREATED;
import static dev.tributary.application.Samples.EMAIL;
import static dev.tributary.application.Samples.ITEMS;
import static dev.tributary.application.Samples.NOW;
import static dev.tributary.application.Samples.ORDER_ID;
import static dev.tributary.application.Samples.USER;
import static dev.tributary.application.Samples.USER_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.Welcome;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueriesTest {

  private static final UserId NOBODY = new UserId("nobody");

  private final FakeStore store = new FakeStore();
  private final Queries queries = new Queries(store, store);

  @Test
  void show_a_user_before_and_after_the_welcome() {
    store.hold(User.key(USER_ID), USER);
    assertThat(queries.user(USER_ID)).contains(new Queries.UserView(USER, Optional.empty()));
    store.hold(Welcome.key(USER_ID), new Welcome(USER_ID, EMAIL, NOW));
    assertThat(queries.user(USER_ID)).contains(new Queries.UserView(USER, Optional.of(NOW)));
  }

  @Test
  void know_no_user_of_whom_only_the_welcome_is_known() {
    store.hold(Welcome.key(USER_ID), new Welcome(USER_ID, EMAIL, NOW));
    assertThat(queries.user(USER_ID)).isEmpty();
  }

  @Test
  void show_an_order() {
    store.hold(Order.key(ORDER_ID), CREATED);
    assertThat(queries.order(ORDER_ID)).contains(CREATED);
    assertThat(queries.order(new OrderId("nothing"))).isEmpty();
  }

  @Test
  void list_a_users_orders_page_by_page() {
    store.hold(User.key(USER_ID), USER);
    assertThat(page(Optional.empty(), 2)).isEqualTo(new Page<>(List.of(), Optional.empty()));
    List<Order> placed = List.of(hold("o-1", USER_ID), hold("o-2", USER_ID), hold("o-3", USER_ID));
    hold("o-4", NOBODY);
    assertThat(page(Optional.empty(), 2))
        .isEqualTo(new Page<>(List.of(placed.get(2), placed.get(1)), Optional.of("o-2")));
    assertThat(page(Optional.of("o-2"), 2)).isEqualTo(new Page<>(List.of(placed.get(0)), Optional.empty()));
  }

  @Test
  void list_no_orders_of_a_user_whom_we_do_not_hold() {
    hold("o-1", NOBODY);
    assertThat(queries.ordersOf(NOBODY, Optional.empty(), 50)).isEmpty();
  }

  @Test
  void fail_where_the_store_is_away() {
    store.goAway();
    assertThatThrownBy(() -> queries.user(USER_ID)).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> queries.order(ORDER_ID)).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> queries.ordersOf(USER_ID, Optional.empty(), 50))
        .isInstanceOf(StoreUnavailableException.class);
  }

  private Page<Order> page(Optional<String> after, int limit) {
    return queries.ordersOf(USER_ID, after, limit).orElseThrow();
  }

  private Order hold(String id, UserId userId) {
    Order order = new CreatedOrder(new Purchase(new OrderId(id), userId, ITEMS, NOW));
    store.hold(Order.key(order.purchase().id()), order);
    return order;
  }
}
