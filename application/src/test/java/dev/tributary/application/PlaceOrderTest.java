package dev.tributary.application;

import static dev.tributary.application.FakeStore.Trouble.NOT_STORED;
import static dev.tributary.application.Samples.CLOCK;
import static dev.tributary.application.Samples.ITEMS;
import static dev.tributary.application.Samples.NOW;
import static dev.tributary.application.Samples.USER;
import static dev.tributary.application.Samples.USER_ID;
import static dev.tributary.application.Samples.eur;
import static dev.tributary.application.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.application.FakeStore.Trouble;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlaceOrderTest {

  private static final RequestId REQUEST = new RequestId(id(1));
  private static final OrderId ID = new OrderId(id(2).toString());
  private static final CreatedOrder PLACED = new CreatedOrder(new Purchase(ID, USER_ID, ITEMS, NOW));
  private static final OrderCreated EVENT = new OrderCreated(ID, USER_ID, eur("39.98"), ITEMS);

  private final FakeStore store = new FakeStore();
  private final PlaceOrder orders = new PlaceOrder(store, Samples.ids(), CLOCK);

  @BeforeEach
  void hold_the_user() {
    store.hold(User.key(USER_ID), USER);
  }

  @Test
  void stores_the_order_and_the_event_in_one_step() {
    assertThat(orders.place(USER_ID, ITEMS)).isEqualTo(new PlaceOrder.Result.Placed(PLACED));
    Versioned<Order> held = store.load(Order.key(ID)).orElseThrow();
    assertThat(held).isEqualTo(new Versioned<>(Order.key(ID), 1, PLACED));
    assertThat(store.events()).isEqualTo(Cause.of(REQUEST).record(NOW, List.of(EVENT)));
    assertThat(store.requests()).containsExactly(REQUEST);
  }

  @Test
  void refuses_an_unknown_user() {
    assertThat(orders.place(new UserId("nobody"), ITEMS)).isEqualTo(new PlaceOrder.Result.UnknownUser());
    assertThat(store.requests()).isEmpty();
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void the_same_order_twice_is_two_orders() {
    orders.place(USER_ID, ITEMS);
    orders.place(USER_ID, ITEMS);
    assertThat(store.events()).hasSize(2).doesNotHaveDuplicates();
    assertThat(store.size()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void asks_again_under_the_same_id_where_the_store_did_not_confirm(Trouble trouble) {
    store.expect(trouble);
    assertThat(orders.place(USER_ID, ITEMS)).isEqualTo(new PlaceOrder.Result.Placed(PLACED));
    assertThat(store.requests()).containsExactly(REQUEST, REQUEST);
    assertThat(store.events()).isEqualTo(Cause.of(REQUEST).record(NOW, List.of(EVENT)));
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void fails_where_the_store_stays_away(Trouble trouble) {
    store.expect(trouble, NOT_STORED);
    assertThatThrownBy(() -> orders.place(USER_ID, ITEMS)).isInstanceOf(StoreUnavailableException.class);
    assertThat(store.requests()).containsExactly(REQUEST, REQUEST);
  }

  @Test
  void fails_where_the_store_is_away_from_the_start() {
    store.goAway();
    assertThatThrownBy(() -> orders.place(USER_ID, ITEMS)).isInstanceOf(StoreUnavailableException.class);
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void refuses_what_is_no_purchase() {
    assertThatThrownBy(() -> orders.place(USER_ID, List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void never_overwrites_an_order() {
    store.hold(Order.key(ID), PLACED);
    assertThatThrownBy(() -> orders.place(USER_ID, ITEMS)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(ID.value());
    assertThat(store.events()).isEmpty();
  }
}
