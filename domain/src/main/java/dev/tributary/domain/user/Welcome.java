package dev.tributary.domain.user;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Aggregate;
import dev.tributary.domain.messaging.StateKey;
import java.time.Instant;
import java.util.List;

/** The welcome mail to a user was sent. Exists once it was. */
public record Welcome(UserId userId, EmailAddress email, Instant sentAt) {

  public static final Aggregate<Welcome> AGGREGATE = new Aggregate<>("welcome", UserEvent.TOPIC, Welcome.class);

  public static StateKey<Welcome> key(UserId userId) {
    return AGGREGATE.key(userId.value());
  }

  public static Decision<Welcome, UserEvent> sent(UserId userId, EmailAddress email, Instant at) {
    return new Decision<>(new Welcome(userId, email, at), List.of(new WelcomeEmailSent(userId, email)));
  }
}
