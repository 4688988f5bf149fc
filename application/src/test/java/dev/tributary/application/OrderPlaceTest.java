package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.UserId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderPlaceTest {

  @Test
  void names_the_order_behind_its_time() {
    OrderPlace place = OrderPlace.of(order("a-1", 7));
    assertThat(place.text()).isEqualTo("0000000000007-a-1");
    assertThat(new OrderPlace(place.text()).id()).isEqualTo(new OrderId("a-1"));
  }

  @Test
  void sorts_by_time_then_by_id() {
    Stream<Order> inOrder = Stream.of(order("z", 9), order("a", 10), order("b", 10), order("a", 1_800_000_000_000L));
    assertThat(inOrder.map(order -> OrderPlace.of(order).text()).toList()).isSorted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "7-a", "0000000000007", "0000000000007-", "0000000000007-a b", "00000000000007-a"})
  void nothing_else_is_a_place(String text) {
    assertThatThrownBy(() -> new OrderPlace(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Order order(String id, long millis) {
    var item = new LineItem("A-1", 1, Money.parse("1", Money.currency("EUR")));
    return Order
        .place(new Purchase(new OrderId(id), new UserId("u"), List.of(item), Instant.ofEpochMilli(millis)))
        .state();
  }
}
