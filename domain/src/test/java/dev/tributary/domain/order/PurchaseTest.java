package dev.tributary.domain.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.user.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PurchaseTest {

  private static final LineItem ITEM = item("EUR", "19.99", 2);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100})
  void has_1_to_100_items(int count) {
    assertThat(purchase(Collections.nCopies(count, ITEM)).items()).hasSize(count);
    assertThatCode(() -> Purchase.requireItems(count)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 101, 1000})
  void refuses_no_items_and_more_than_100(int count) {
    assertThatThrownBy(() -> purchase(Collections.nCopies(count, ITEM))).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must have 1-100 items");
    assertThatThrownBy(() -> Purchase.requireItems(count)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void has_one_currency() {
    assertThat(purchase(List.of(ITEM, ITEM)).currency()).isEqualTo(Currency.getInstance("EUR"));
    assertThatThrownBy(() -> purchase(List.of(ITEM, item("USD", "19.99", 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must all be of one currency");
  }

  @Test
  void its_total_is_the_exact_sum_of_all_lines() {
    assertThat(purchase(List.of(item("EUR", "0.10", 3), item("EUR", "0.20", 1), ITEM)).total().toDecimal())
        .isEqualTo("40.48");
    assertThat(purchase(List.of(item("JPY", "500", 3))).total().toDecimal()).isEqualTo("1500");
  }

  @Test
  void the_greatest_total_can_be_read_again() {
    Money total = purchase(Collections.nCopies(100, item("KWD", "999999999999.999", 1_000_000))).total();
    assertThat(total.toDecimal()).isEqualTo("99999999999999900000.000");
    assertThat(Money.parseTotal(total.toDecimal(), total.currency())).isEqualTo(total);
  }

  @Test
  void keeps_its_items_whatever_becomes_of_the_list() {
    var items = new ArrayList<>(List.of(ITEM));
    Purchase purchase = purchase(items);
    items.add(ITEM);
    assertThat(purchase.items()).containsExactly(ITEM).isUnmodifiable();
  }

  private static LineItem item(String currency, String price, int quantity) {
    return new LineItem("A-1", quantity, Money.parse(price, Money.currency(currency)));
  }

  private static Purchase purchase(List<LineItem> items) {
    return new Purchase(new OrderId("o-1"), new UserId("u-1"), items, Instant.EPOCH);
  }
}
