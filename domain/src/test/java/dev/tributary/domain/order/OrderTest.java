package dev.tributary.domain.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.domain.Decision;
import dev.tributary.domain.user.UserId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {

  private static final Instant AT = Instant.ofEpochMilli(1_000);
  private static final Money PRICE = Money.parse("19.99", Money.currency("EUR"));
  private static final LineItem TWO = new LineItem("A-1", 2, PRICE);
  private static final Purchase PURCHASE = new Purchase(new OrderId("o-1"), new UserId("u-1"),
      List.of(TWO, new LineItem("B", 1, PRICE)), AT);
  private static final CreatedOrder CREATED = Order.place(PURCHASE).state();

  @Test
  void placing_tells_of_the_exact_total() {
    Decision<CreatedOrder, OrderEvent> placed = Order.place(PURCHASE);
    assertThat(placed.events()).containsExactly(
        new OrderCreated(PURCHASE.id(), PURCHASE.userId(), Money.parse("59.97", Money.currency("EUR")),
            PURCHASE.items()));
    assertThat(placed.state().history()).containsExactly(new Order.Step("order_created", AT));
  }

  @Test
  void a_created_order_can_be_paid_and_then_shipped() {
    Decision<PaidOrder, OrderEvent> paid = CREATED.paid("p-1", AT.plusMillis(1));
    Decision<ShippedOrder, OrderEvent> shipped = paid.state().shipped("t-1", AT.plusMillis(2));
    assertThat(paid.events()).containsExactly(new OrderPaid(PURCHASE.id(), PURCHASE.userId(), PURCHASE.total(), "p-1"));
    assertThat(shipped.events()).containsExactly(new OrderShipped(PURCHASE.id(), PURCHASE.userId(), "t-1"));
    assertThat(shipped.state().purchase()).isEqualTo(PURCHASE);
    assertThat(shipped.state().payment()).isEqualTo(new Payment("p-1", AT.plusMillis(1)));
    assertThat(shipped.state().history()).containsExactly(new Order.Step("order_created", AT),
        new Order.Step("order_paid", AT.plusMillis(1)),
        new Order.Step("order_shipped", AT.plusMillis(2)));
  }

  @Test
  void a_created_order_can_be_declined() {
    Decision<DeclinedOrder, OrderEvent> declined = CREATED.declined("no_funds", AT.plusMillis(1));
    assertThat(declined.events())
        .containsExactly(new OrderPaymentDeclined(PURCHASE.id(), PURCHASE.userId(), "no_funds"));
    assertThat(declined.state().history()).extracting(Order.Step::type)
        .containsExactly("order_created", "order_payment_declined");
  }

  @Test
  void events_carry_the_orders_id_as_their_key() {
    assertThat(Order.place(PURCHASE).events()).extracting(OrderEvent::key).containsExactly("o-1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 101})
  void has_one_to_a_hundred_items(int count) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Purchase(PURCHASE.id(), PURCHASE.userId(), Collections.nCopies(count, TWO), AT))
        .withMessage("must have 1-100 items");
  }

  @Test
  void has_one_currency() {
    var yen = new LineItem("C", 1, Money.parse("100", Money.currency("JPY")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Purchase(PURCHASE.id(), PURCHASE.userId(), List.of(TWO, yen), AT));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_000_001})
  void has_sensible_quantities(int quantity) {
    assertThatIllegalArgumentException().isThrownBy(() -> new LineItem("A", quantity, PRICE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä", "a\n"})
  void has_visible_articles(String sku) {
    assertThatIllegalArgumentException().isThrownBy(() -> new LineItem(sku, 1, PRICE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "{x}", "a:b", "ä",
      "0123456789012345678901234567890123456789012345678901234567890123x"})
  void has_an_id_that_is_safe_anywhere(String id) {
    assertThatIllegalArgumentException().isThrownBy(() -> new OrderId(id));
  }
}
