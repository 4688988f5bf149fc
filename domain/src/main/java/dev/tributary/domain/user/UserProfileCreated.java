package dev.tributary.domain.user;

/** A user was given a profile. */
public record UserProfileCreated(UserId userId, String displayName) implements UserEvent {

  public static final String TYPE = "user_profile_created";

  @Override
  public String type() {
    return TYPE;
  }
}
