package dev.tributary.application;

import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import java.util.Comparator;
import java.util.List;

/** Every declared group: what it reads and what it handles. */
public final class Groups {

  public static final SubscriptionSpec<UserCreated> EMAIL_PROCESSORS = new SubscriptionSpec<>(UserEvent.TOPIC,
      new Group("email-processors"),
      UserCreated.class);
  public static final SubscriptionSpec<UserCreated> USER_PROCESSORS = new SubscriptionSpec<>(UserEvent.TOPIC,
      new Group("user-processors"),
      UserCreated.class);
  public static final SubscriptionSpec<OrderCreated> PAYMENT_PROCESSORS = new SubscriptionSpec<>(OrderEvent.TOPIC,
      new Group("payment-processors"), OrderCreated.class, Ordering.PER_KEY);
  public static final SubscriptionSpec<OrderPaid> SHIPPING_PROCESSORS = new SubscriptionSpec<>(OrderEvent.TOPIC,
      new Group("shipping-processors"), OrderPaid.class, Ordering.PER_KEY);

  /** All of them. */
  public static final List<SubscriptionSpec<?>> DECLARED = List.of(EMAIL_PROCESSORS, USER_PROCESSORS,
      PAYMENT_PROCESSORS,
      SHIPPING_PROCESSORS);

  /** What they read, each once, by name. */
  public static final List<Topic<?>> TOPICS = DECLARED.stream()
      .<Topic<?>>map(SubscriptionSpec::topic)
      .distinct()
      .sorted(Comparator.comparing(Topic::name))
      .toList();

  private Groups() {}
}
