package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.user.UserCreated;
import org.junit.jupiter.api.Test;

/** Names that Redis and its other clients know: a new one would start from the first entry. */
class GroupsTest {

  @Test
  void are_named_as_promised() {
    assertGroup(Groups.EMAIL_PROCESSORS, "user-events", "email-processors", UserCreated.class);
    assertGroup(Groups.USER_PROCESSORS, "user-events", "user-processors", UserCreated.class);
    assertGroup(Groups.PAYMENT_PROCESSORS, "order-events", "payment-processors", OrderCreated.class);
    assertGroup(Groups.SHIPPING_PROCESSORS, "order-events", "shipping-processors", OrderPaid.class);
  }

  @Test
  void each_stream_stands_once_among_the_topics() {
    assertThat(Groups.TOPICS).extracting(Topic::name).containsExactly("order-events", "user-events");
  }

  private static void assertGroup(SubscriptionSpec<?> spec, String topic, String group, Class<?> events) {
    assertThat(spec.topic()).hasToString(topic);
    assertThat(spec.group()).hasToString(group);
    assertThat(spec.events()).isEqualTo(events);
  }
}
