package dev.tributary.messaging.contract;

import dev.tributary.application.DerivedId;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Events and states to test with; the same number gives the same. */
final class Samples {

  static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);

  private Samples() {}

  static UserId userId(int number) {
    return new UserId("user-" + number);
  }

  /** The number of {@link #userId}. */
  static int number(UserId id) {
    return Integer.parseInt(id.value().substring("user-".length()));
  }

  static Recorded<UserEvent> userCreated(int number) {
    return new Recorded<>(new EventId(DerivedId.of("sample", Integer.toString(number))), AT.plusMillis(number),
        new UserCreated(userId(number), new EmailAddress("user" + number + "@example.com"),
            Optional.of(new UserName("Üser " + number))));
  }

  /** One of the events of a user that come after each other. */
  static Recorded<UserEvent> userCreated(int number, int turn) {
    return new Recorded<>(new EventId(DerivedId.of("sample of " + number, Integer.toString(turn))), AT.plusMillis(turn),
        userCreated(number).event());
  }

  /** Which of a user's events it was that happened then. */
  static int turn(Instant at) {
    return Math.toIntExact(Duration.between(AT, at).toMillis());
  }

  static Purchase purchase(String orderId, UserId userId, long createdAt) {
    Money price = Money.parse("19.99", Money.currency("EUR"));
    return new Purchase(new OrderId(orderId), userId, List.of(new LineItem("A-1", 2, price)), AT.plusMillis(createdAt));
  }
}
