package dev.tributary.domain.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.domain.user.UserId;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderTest {

  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.006Z");
  private static final Instant PAID = CREATED.plusSeconds(1);
  private static final Instant SHIPPED = CREATED.plusSeconds(2);
  private static final OrderId ID = new OrderId("o-1");
  private static final UserId USER = new UserId("u-1");
  private static final Money PRICE = Money.parse("19.99", Currency.getInstance("EUR"));
  private static final Purchase PURCHASE = new Purchase(ID, USER, List.of(new LineItem("A-1", 2, PRICE)), CREATED);

  @Test
  void is_created_when_it_is_placed() {
    var placed = Order.place(PURCHASE);
    assertThat(placed.state()).isEqualTo(new CreatedOrder(PURCHASE));
    assertThat(placed.events()).containsExactly(new OrderCreated(ID, USER, PRICE.times(2), PURCHASE.items()));
    assertThat(placed.state().history()).containsExactly(new Order.Step("order_created", CREATED));
  }

  @Test
  void is_paid_once_it_was_created() {
    var paid = new CreatedOrder(PURCHASE).paid("pay-1", PAID);
    assertThat(paid.state()).isEqualTo(new PaidOrder(PURCHASE, new Payment("pay-1", PAID)));
    assertThat(paid.events()).containsExactly(new OrderPaid(ID, USER, PRICE.times(2), "pay-1"));
    assertThat(paid.state().history()).containsExactly(new Order.Step("order_created", CREATED),
        new Order.Step("order_paid", PAID));
  }

  @Test
  void is_declined_once_it_was_created() {
    var declined = new CreatedOrder(PURCHASE).declined("card_expired", PAID);
    assertThat(declined.state()).isEqualTo(new DeclinedOrder(PURCHASE, new Decline("card_expired", PAID)));
    assertThat(declined.events()).containsExactly(new OrderPaymentDeclined(ID, USER, "card_expired"));
    assertThat(declined.state().history()).containsExactly(new Order.Step("order_created", CREATED),
        new Order.Step("order_payment_declined", PAID));
  }

  @Test
  void is_shipped_once_it_was_paid() {
    var payment = new Payment("pay-1", PAID);
    var shipped = new PaidOrder(PURCHASE, payment).shipped("track-1", SHIPPED);
    assertThat(shipped.state()).isEqualTo(new ShippedOrder(PURCHASE, payment, new Shipment("track-1", SHIPPED)));
    assertThat(shipped.events()).containsExactly(new OrderShipped(ID, USER, "track-1"));
    assertThat(shipped.state().history()).containsExactly(new Order.Step("order_created", CREATED),
        new Order.Step("order_paid", PAID), new Order.Step("order_shipped", SHIPPED));
  }

  @Test
  void every_event_of_it_has_the_key_of_the_order_and_the_name_that_consumers_know() {
    assertEvent(new OrderCreated(ID, USER, PRICE, PURCHASE.items()), "order_created");
    assertEvent(new OrderPaid(ID, USER, PRICE, "pay-1"), "order_paid");
    assertEvent(new OrderPaymentDeclined(ID, USER, "card_expired"), "order_payment_declined");
    assertEvent(new OrderShipped(ID, USER, "track-1"), "order_shipped");
  }

  @Test
  void is_kept_under_its_id_beside_its_events() {
    assertThat(Order.key(ID)).hasToString("order:o-1");
    assertThat(Order.AGGREGATE.topic()).isSameAs(OrderEvent.TOPIC).hasToString("order-events");
  }

  private static void assertEvent(OrderEvent event, String type) {
    assertThat(event.type()).isEqualTo(type);
    assertThat(event.key()).isEqualTo("o-1");
    assertThat(event.userId()).isEqualTo(USER);
    assertThat(OrderEvent.TOPIC.events().isInstance(event)).isTrue();
  }
}
