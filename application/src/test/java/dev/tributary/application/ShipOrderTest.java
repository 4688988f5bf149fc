package dev.tributary.application;

import static dev.tributary.application.Samples.CLOCK;
import static dev.tributary.application.Samples.CREATED;
import static dev.tributary.application.Samples.DECLINED;
import static dev.tributary.application.Samples.ITEMS;
import static dev.tributary.application.Samples.NOW;
import static dev.tributary.application.Samples.ORDER_ID;
import static dev.tributary.application.Samples.PAID;
import static dev.tributary.application.Samples.PURCHASE;
import static dev.tributary.application.Samples.SHIPPED;
import static dev.tributary.application.Samples.USER_ID;
import static dev.tributary.application.Samples.delivery;
import static dev.tributary.application.Samples.eur;
import static dev.tributary.application.Samples.following;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.order.OrderShipped;
import dev.tributary.domain.order.Shipment;
import dev.tributary.domain.order.ShippedOrder;
import dev.tributary.domain.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShipOrderTest {

  private record Parcel(OrderId orderId, UserId userId, List<LineItem> items) {}

  private static final OrderPaid EVENT = new OrderPaid(ORDER_ID, USER_ID, eur("39.98"), "pay-0");
  private static final Parcel PARCEL = new Parcel(ORDER_ID, USER_ID, ITEMS);

  private final FakeStore store = new FakeStore();
  private final List<Parcel> parcels = new ArrayList<>();
  private Answer<Shipping.Shipped> answer = new Answer.Done<>(new Shipping.Shipped("track-1"));
  private final ShipOrder handler = new ShipOrder(store, this::ship, CLOCK);

  static Stream<Order> unpaid() {
    return Stream.of(CREATED, DECLINED);
  }

  @Test
  void ships_a_paid_order() throws Exception {
    store.hold(Order.key(ORDER_ID), PAID);
    Order shipped = new ShippedOrder(PURCHASE, PAID.payment(), new Shipment("track-1", NOW));
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(
        new Outcome.Settled(new Work(List.of(new Change<>(Order.key(ORDER_ID), 1, shipped)),
            List.of(following(new OrderShipped(ORDER_ID, USER_ID, "track-1"))))));
    assertThat(parcels).containsExactly(PARCEL);
  }

  @Test
  void ships_to_whom_we_hold_whatever_the_event_says() throws Exception {
    store.hold(Order.key(ORDER_ID), PAID);
    handler.handle(delivery(new OrderPaid(ORDER_ID, new UserId("thief"), eur("0.01"), "forged")));
    assertThat(parcels).containsExactly(PARCEL);
  }

  @Test
  void ships_nothing_on_a_strangers_word() throws Exception {
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(new Outcome.Rejected("no such order: " + ORDER_ID));
    assertThat(parcels).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("unpaid")
  void ships_nothing_that_we_do_not_hold_as_paid(Order order) throws Exception {
    store.hold(Order.key(ORDER_ID), order);
    assertThat(handler.handle(delivery(EVENT)))
        .isEqualTo(new Outcome.Rejected("not paid, whatever the event says: " + ORDER_ID));
    assertThat(parcels).isEmpty();
  }

  @Test
  void ships_no_order_again() throws Exception {
    store.hold(Order.key(ORDER_ID), SHIPPED);
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(Outcome.SETTLED);
    assertThat(parcels).isEmpty();
  }

  @Test
  void an_event_that_comes_again_after_its_work_was_stored_changes_nothing() throws Exception {
    store.hold(Order.key(ORDER_ID), PAID);
    store.settle(handler.handle(delivery(EVENT)));
    assertThat(handler.handle(delivery(EVENT, 2))).isEqualTo(Outcome.SETTLED);
    assertThat(parcels).hasSize(1);
    assertThat(store.events()).hasSize(1);
  }

  @Test
  void a_repetition_is_the_same_parcel_and_the_same_work() throws Exception {
    store.hold(Order.key(ORDER_ID), PAID);
    assertThat(handler.handle(delivery(EVENT, 1))).isEqualTo(handler.handle(delivery(EVENT, 2)));
    assertThat(parcels).containsExactly(PARCEL, PARCEL);
  }

  @Test
  void tries_again_when_the_service_asks_for_it() throws Exception {
    store.hold(Order.key(ORDER_ID), PAID);
    answer = new Answer.Unavailable<>(Optional.of(Duration.ofSeconds(7)), "503");
    assertThat(handler.handle(delivery(EVENT)))
        .isEqualTo(new Outcome.Retry(Optional.of(Duration.ofSeconds(7)), "503"));
    answer = new Answer.Unavailable<>(Optional.empty(), "no answer");
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(new Outcome.Retry(Optional.empty(), "no answer"));
  }

  @Test
  void gives_up_where_the_service_refuses_the_call() throws Exception {
    store.hold(Order.key(ORDER_ID), PAID);
    answer = new Answer.Refused<>("400");
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(new Outcome.Rejected("400"));
  }

  @Test
  void ships_nothing_while_the_store_is_away() {
    store.goAway();
    assertThatThrownBy(() -> handler.handle(delivery(EVENT))).isInstanceOf(StoreUnavailableException.class);
    assertThat(parcels).isEmpty();
  }

  @Test
  void lets_an_interruption_through() {
    store.hold(Order.key(ORDER_ID), PAID);
    var interrupted = new ShipOrder(store, (_, _, _) -> {
      throw new InterruptedException();
    }, CLOCK);
    assertThatThrownBy(() -> interrupted.handle(delivery(EVENT))).isInstanceOf(InterruptedException.class);
  }

  private Answer<Shipping.Shipped> ship(OrderId orderId, UserId userId, List<LineItem> items) {
    parcels.add(new Parcel(orderId, userId, items));
    return answer;
  }
}
