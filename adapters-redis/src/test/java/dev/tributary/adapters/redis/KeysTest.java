package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {

  private static final Group GROUP = new Group("email-processors");
  private static final Keys KEYS = Keys.of(UserEvent.TOPIC);

  @ParameterizedTest
  @CsvSource(textBlock = """
      0198c0de-0000-7000-8000-000000000000, 0198c0de-0000-7000-8000-000000000000
      a_b-c.d@e+f,                          a_b-c.d@e+f
      {x}:y,                                %7Bx%7D%3Ay
      a b,                                  a%20b
      100%,                                 100%25
      %41,                                  %2541
      ü,                                    %C3%BC
      😀,                                   %F0%9F%98%80
      *?[],                                 %2A%3F%5B%5D
      """)
  void whatever_comes_from_outside_is_encoded(String id, String encoded) {
    assertThat(KEYS.state(new StateKey<>(User.AGGREGATE, id))).isEqualTo("{user-events}:user:" + encoded);
    assertThat(KEYS.list("orders-of", id)).isEqualTo("{user-events}:orders-of:" + encoded);
  }

  @Test
  void controls_and_nothing_are_encoded_too() {
    assertThat(KEYS.list("x", "\r\n\0")).isEqualTo("{user-events}:x:%0D%0A%00");
    assertThat(KEYS.list("x", "")).isEqualTo("{user-events}:x:");
  }

  @Test
  void keys_are_spelled_as_promised() {
    assertThat(KEYS.stream()).isEqualTo("user-events");
    assertThat(KEYS.dead(GROUP)).isEqualTo("{user-events}:dead:email-processors");
    assertThat(KEYS.due(GROUP)).isEqualTo("{user-events}:due:email-processors");
    assertThat(KEYS.retry(GROUP)).isEqualTo("{user-events}:retry:email-processors");
    assertThat(KEYS.handled(GROUP)).isEqualTo("{user-events}:handled:email-processors");
    assertThat(KEYS.requests()).isEqualTo("{user-events}:requests");
    assertThat(KEYS.published()).isEqualTo("{user-events}:published");
  }

  @Test
  void all_keys_of_a_topic_share_one_hash_slot() {
    for (Keys keys : List.of(KEYS, Keys.of(OrderEvent.TOPIC))) {
      int slot = SlotHash.getSlot(keys.stream());
      List<String> all = List.of(keys.dead(GROUP), keys.due(GROUP), keys.retry(GROUP), keys.handled(GROUP),
          keys.requests(), keys.published(), keys.list("orders-of", "}{a}"),
          keys.state(new StateKey<>(User.AGGREGATE, "{other}")),
          keys.state(EmailClaim.key(new EmailAddress("{a}@example.com"))));
      assertThat(all).allSatisfy(key -> assertThat(SlotHash.getSlot(key)).as(key).isEqualTo(slot))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void no_group_or_state_can_pass_for_another_key() {
    assertThat(KEYS.state(new StateKey<>(User.AGGREGATE, "a:b"))).isNotEqualTo(KEYS.list("user:a", "b"));
    assertThat(KEYS.dead(new Group("requests"))).isNotEqualTo(KEYS.requests());
  }

  @Test
  void with_several_partitions_the_number_belongs_to_the_streams_name_and_to_every_tag() {
    var eight = new Partitioning(8);
    Keys third = Keys.of(OrderEvent.TOPIC, 3, eight);
    assertThat(third.stream()).isEqualTo("order-events.3");
    assertThat(third.state(Order.key(new OrderId("o-1")))).isEqualTo("{order-events.3}:order:o-1");
    assertThat(third.dead(new Group("payment-processors"))).isEqualTo("{order-events.3}:dead:payment-processors");
    assertThat(Keys.of(OrderEvent.TOPIC, 0, Partitioning.ONE)).isEqualTo(Keys.of(OrderEvent.TOPIC));
    assertThatThrownBy(() -> Keys.of(OrderEvent.TOPIC, 8, eight)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
