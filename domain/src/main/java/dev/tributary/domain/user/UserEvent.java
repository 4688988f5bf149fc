package dev.tributary.domain.user;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Topic;

/** What can happen to a user. */
public sealed interface UserEvent extends DomainEvent permits UserCreated, UserProfileCreated, WelcomeEmailSent {

  Topic<UserEvent> TOPIC = new Topic<>("user-events", UserEvent.class);

  UserId userId();

  @Override
  default String key() {
    return userId().value();
  }
}
