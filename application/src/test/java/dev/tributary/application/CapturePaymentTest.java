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

import dev.tributary.application.Payments.Result.Captured;
import dev.tributary.application.Payments.Result.Declined;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.Decline;
import dev.tributary.domain.order.DeclinedOrder;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.order.OrderPaymentDeclined;
import dev.tributary.domain.order.PaidOrder;
import dev.tributary.domain.order.Payment;
import dev.tributary.domain.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CapturePaymentTest {

  private record Charge(OrderId orderId, UserId userId, Money amount) {}

  private static final OrderCreated EVENT = new OrderCreated(ORDER_ID, USER_ID, eur("39.98"), ITEMS);
  private static final Charge CHARGE = new Charge(ORDER_ID, USER_ID, eur("39.98"));

  private final FakeStore store = new FakeStore();
  private final List<Charge> charges = new ArrayList<>();
  private Answer<Payments.Result> answer = new Answer.Done<>(new Captured("pay-1"));
  private final CapturePayment handler = new CapturePayment(store, this::charge, CLOCK);

  static Stream<Order> settled() {
    return Stream.of(PAID, DECLINED, SHIPPED);
  }

  @Test
  void a_captured_payment_makes_the_order_paid() throws Exception {
    store.hold(Order.key(ORDER_ID), CREATED);
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(work(new PaidOrder(PURCHASE, new Payment("pay-1", NOW)),
        new OrderPaid(ORDER_ID, USER_ID, eur("39.98"), "pay-1")));
    assertThat(charges).containsExactly(CHARGE);
  }

  @Test
  void a_declined_payment_makes_the_order_declined() throws Exception {
    store.hold(Order.key(ORDER_ID), CREATED);
    answer = new Answer.Done<>(new Declined("card_expired"));
    assertThat(handler.handle(delivery(EVENT)))
        .isEqualTo(work(new DeclinedOrder(PURCHASE, new Decline("card_expired", NOW)),
            new OrderPaymentDeclined(ORDER_ID, USER_ID, "card_expired")));
  }

  @Test
  void charges_what_we_hold_whatever_the_event_says() throws Exception {
    store.hold(Order.key(ORDER_ID), CREATED);
    handler.handle(delivery(new OrderCreated(ORDER_ID, new UserId("victim"), eur("9999.00"), List.of())));
    assertThat(charges).containsExactly(CHARGE);
  }

  @Test
  void charges_nobody_on_a_strangers_word() throws Exception {
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(new Outcome.Rejected("no such order: " + ORDER_ID));
    assertThat(charges).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("settled")
  void charges_no_order_again(Order order) throws Exception {
    store.hold(Order.key(ORDER_ID), order);
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(Outcome.SETTLED);
    assertThat(charges).isEmpty();
  }

  @Test
  void an_event_that_comes_again_after_its_work_was_stored_changes_nothing() throws Exception {
    store.hold(Order.key(ORDER_ID), CREATED);
    store.settle(handler.handle(delivery(EVENT)));
    assertThat(handler.handle(delivery(EVENT, 2))).isEqualTo(Outcome.SETTLED);
    assertThat(charges).hasSize(1);
    assertThat(store.events()).hasSize(1);
  }

  @Test
  void a_repetition_is_the_same_charge_and_the_same_work() throws Exception {
    store.hold(Order.key(ORDER_ID), CREATED);
    assertThat(handler.handle(delivery(EVENT, 1))).isEqualTo(handler.handle(delivery(EVENT, 2)));
    assertThat(charges).containsExactly(CHARGE, CHARGE);
  }

  @Test
  void tries_again_when_the_service_asks_for_it() throws Exception {
    store.hold(Order.key(ORDER_ID), CREATED);
    answer = new Answer.Unavailable<>(Optional.of(Duration.ofSeconds(7)), "429");
    assertThat(handler.handle(delivery(EVENT)))
        .isEqualTo(new Outcome.Retry(Optional.of(Duration.ofSeconds(7)), "429"));
    answer = new Answer.Unavailable<>(Optional.empty(), "no answer");
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(new Outcome.Retry(Optional.empty(), "no answer"));
  }

  @Test
  void gives_up_where_the_service_refuses_the_call() throws Exception {
    store.hold(Order.key(ORDER_ID), CREATED);
    answer = new Answer.Refused<>("400");
    assertThat(handler.handle(delivery(EVENT))).isEqualTo(new Outcome.Rejected("400"));
  }

  @Test
  void charges_nobody_while_the_store_is_away() {
    store.goAway();
    assertThatThrownBy(() -> handler.handle(delivery(EVENT))).isInstanceOf(StoreUnavailableException.class);
    assertThat(charges).isEmpty();
  }

  @Test
  void lets_an_interruption_through() {
    store.hold(Order.key(ORDER_ID), CREATED);
    var interrupted = new CapturePayment(store, (_, _, _) -> {
      throw new InterruptedException();
    }, CLOCK);
    assertThatThrownBy(() -> interrupted.handle(delivery(EVENT))).isInstanceOf(InterruptedException.class);
  }

  private static Outcome work(Order order, OrderEvent event) {
    return new Outcome.Settled(
        new Work(List.of(new Change<>(Order.key(ORDER_ID), 1, order)), List.of(following(event))));
  }

  private Answer<Payments.Result> charge(OrderId orderId, UserId userId, Money amount) {
    charges.add(new Charge(orderId, userId, amount));
    return answer;
  }
}
