package dev.tributary.domain.user;

/** The mail server took the welcome mail to a user. */
public record WelcomeEmailSent(UserId userId, EmailAddress email) implements UserEvent {

  public static final String TYPE = "welcome_email_sent";

  @Override
  public String type() {
    return TYPE;
  }
}
