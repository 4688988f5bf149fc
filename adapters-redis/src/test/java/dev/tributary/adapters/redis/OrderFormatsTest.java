package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderFormatsTest {

  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  /** Some countries write other digits, and Java with them. */
  @ParameterizedTest
  @ValueSource(strings = {"en-US", "ar-EG", "fa-IR", "hi-IN-u-nu-deva"})
  void orders_are_listed_by_time_in_plain_digits_wherever_the_server_stands(String locale) {
    Locale.setDefault(Locale.forLanguageTag(locale));
    var item = new LineItem("A-1", 1, Money.parse("1", Money.currency("EUR")));
    var order = Order.place(new Purchase(new OrderId("o"), new UserId("u"), List.of(item), Instant.ofEpochMilli(7)))
        .state();
    assertThat(StateCodec.format(Order.AGGREGATE).listing(order))
        .contains(new StateFormat.Listing("orders-of", "u", "0000000000007-o"));
  }
}
