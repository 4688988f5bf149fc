package dev.tributary.domain.user;

import java.util.Optional;

/** A user registered, here or with another producer. */
public record UserCreated(UserId userId, EmailAddress email, Optional<UserName> name) implements UserEvent {

  public static final String TYPE = "user_created";

  @Override
  public String type() {
    return TYPE;
  }
}
