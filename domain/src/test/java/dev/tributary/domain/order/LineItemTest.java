package dev.tributary.domain.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Currency;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineItemTest {

  private static final Money PRICE = Money.parse("19.99", Currency.getInstance("EUR"));

  static Stream<String> skus() {
    return Stream.of("A", "A-1", "!", "~", "a/b:c{d}", "\"'<>&\\", "x".repeat(64));
  }

  static Stream<String> noSkus() {
    return Stream.of("", " ", "A 1", " A", "A\n", "A\u007f", "A\u0000", "Ä", "１", "😀", "x".repeat(65));
  }

  @ParameterizedTest
  @MethodSource("skus")
  void a_sku_has_1_to_64_visible_ascii_characters(String sku) {
    assertThat(new LineItem(sku, 1, PRICE).sku()).isEqualTo(sku).isEqualTo(LineItem.requireSku(sku));
  }

  @ParameterizedTest
  @MethodSource("noSkus")
  void nothing_else_is_a_sku(String sku) {
    assertThatThrownBy(() -> new LineItem(sku, 1, PRICE)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be 1-64 visible ASCII characters");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 999_999, 1_000_000})
  void a_quantity_goes_from_1_to_a_million(int quantity) {
    assertThat(LineItem.requireQuantity(quantity)).isEqualTo(quantity);
    assertThatCode(() -> new LineItem("A-1", quantity, PRICE)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1_000_001, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void no_line_has_another_quantity(int quantity) {
    assertThatThrownBy(() -> new LineItem("A-1", quantity, PRICE)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be a whole number from 1 to 1000000");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000_001, Long.MIN_VALUE, Long.MAX_VALUE, (1L << 32) + 1, -(1L << 32) + 1})
  void a_quantity_does_not_wrap_around(long quantity) {
    assertThatThrownBy(() -> LineItem.requireQuantity(quantity)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"1, 19.99", "2, 39.98", "3, 59.97", "1000000, 19990000.00"})
  void costs_as_often_as_it_was_ordered(int quantity, String price) {
    assertThat(new LineItem("A-1", quantity, PRICE).price().toDecimal()).isEqualTo(price);
  }
}
