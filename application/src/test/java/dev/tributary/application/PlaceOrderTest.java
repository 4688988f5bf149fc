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
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.PaidOrder;
import dev.tributary.domain.order.Payment;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    assertThat(orders.place(Optional.empty(), USER_ID, ITEMS)).isEqualTo(new PlaceOrder.Result.Placed(PLACED));
    Versioned<Order> held = store.load(Order.key(ID)).orElseThrow();
    assertThat(held).isEqualTo(new Versioned<>(Order.key(ID), 1, PLACED));
    assertThat(store.events()).isEqualTo(Cause.of(REQUEST).record(NOW, List.of(EVENT)));
    assertThat(store.requests()).containsExactly(REQUEST);
  }

  @Test
  void refuses_an_unknown_user() {
    assertThat(orders.place(Optional.empty(), new UserId("nobody"), ITEMS))
        .isEqualTo(new PlaceOrder.Result.UnknownUser());
    assertThat(store.requests()).isEmpty();
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void the_same_order_twice_is_two_orders() {
    orders.place(Optional.empty(), USER_ID, ITEMS);
    orders.place(Optional.empty(), USER_ID, ITEMS);
    assertThat(store.events()).hasSize(2).doesNotHaveDuplicates();
    assertThat(store.size()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void asks_again_under_the_same_id_where_the_store_did_not_confirm(Trouble trouble) {
    store.expect(trouble);
    assertThat(orders.place(Optional.empty(), USER_ID, ITEMS)).isEqualTo(new PlaceOrder.Result.Placed(PLACED));
    assertThat(store.requests()).containsExactly(REQUEST, REQUEST);
    assertThat(store.events()).isEqualTo(Cause.of(REQUEST).record(NOW, List.of(EVENT)));
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void fails_where_the_store_stays_away(Trouble trouble) {
    store.expect(trouble, NOT_STORED);
    assertThatThrownBy(() -> orders.place(Optional.empty(), USER_ID, ITEMS))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(store.requests()).containsExactly(REQUEST, REQUEST);
  }

  @Test
  void fails_where_the_store_is_away_from_the_start() {
    store.goAway();
    assertThatThrownBy(() -> orders.place(Optional.empty(), USER_ID, ITEMS))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void refuses_what_is_no_purchase() {
    assertThatThrownBy(() -> orders.place(Optional.empty(), USER_ID, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void never_overwrites_an_order() {
    store.hold(Order.key(ID), PLACED);
    assertThatThrownBy(() -> orders.place(Optional.empty(), USER_ID, ITEMS)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(ID.value());
    assertThat(store.events()).isEmpty();
  }

  private static final Optional<IdempotencyKey> KEY = Optional.of(new IdempotencyKey("key"));

  @Test
  void stores_order_event_and_receipt_of_a_key_in_one_step() {
    CreatedOrder placed = placed(orders.place(KEY, USER_ID, ITEMS));
    UUID id = UUID.fromString(placed.purchase().id().value());
    assertThat(id.version()).isEqualTo(8);
    assertThat(store.requests()).containsExactly(new RequestId(id));
    assertThat(store.load(Receipt.OF_ORDERS.key(id.toString()))).isPresent();
    assertThat(store.events()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void makes_one_order_of_a_key_where_the_store_did_not_confirm(Trouble trouble) {
    store.expect(trouble, NOT_STORED);
    assertThatThrownBy(() -> orders.place(KEY, USER_ID, ITEMS)).isInstanceOf(StoreUnavailableException.class);
    orders.place(KEY, USER_ID, ITEMS);
    assertThat(store.events()).hasSize(1);
    assertThat(store.requests()).hasSize(3).containsOnly(store.requests().getFirst());
  }

  @Test
  void replays_an_order_as_it_was_placed() {
    CreatedOrder placed = placed(orders.place(KEY, USER_ID, ITEMS));
    OrderId id = placed.purchase().id();
    var paid = new PaidOrder(placed.purchase(), new Payment("pay-1", NOW));
    store.settle(new Outcome.Settled(
        new Work(List.of(store.load(Order.key(id)).orElseThrow().to(paid)), List.of())));
    assertThat(orders.place(KEY, USER_ID, ITEMS)).isEqualTo(new PlaceOrder.Result.Replayed(placed));
  }

  @Test
  void tells_requests_apart_by_all_that_was_ordered() {
    orders.place(KEY, USER_ID, ITEMS);
    List<List<LineItem>> others = List.of(
        List.of(new LineItem("A-2", 2, eur("19.99"))), List.of(new LineItem("A-1", 1, eur("19.99"))),
        List.of(new LineItem("A-1", 2, eur("20.99"))),
        List.of(new LineItem("A-1", 2, Money.parse("19.99", Money.currency("USD")))),
        List.of(ITEMS.getFirst(), ITEMS.getFirst()));
    assertThat(others).allSatisfy(
        items -> assertThat(orders.place(KEY, USER_ID, items)).isEqualTo(new PlaceOrder.Result.KeyReused()));
    assertThat(store.events()).hasSize(1);
  }

  private static CreatedOrder placed(PlaceOrder.Result result) {
    return ((PlaceOrder.Result.Placed) result).order();
  }
}
