package dev.tributary.adapters.redis;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.Profile;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import dev.tributary.domain.user.UserProfileCreated;
import dev.tributary.domain.user.Welcome;
import dev.tributary.domain.user.WelcomeEmailSent;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Users, their events and their claims in JSON. */
final class UserFormats {

  static final List<EventFormat<? extends UserEvent>> EVENTS = List.of(
      new EventFormat<>(UserCreated.TYPE, UserCreated.class, UserFormats::readCreated, UserFormats::writeCreated),
      new EventFormat<>(UserProfileCreated.TYPE, UserProfileCreated.class,
          fields -> new UserProfileCreated(userId(fields), fields.text("displayName")),
          UserFormats::writeProfileCreated),
      new EventFormat<>(WelcomeEmailSent.TYPE, WelcomeEmailSent.class,
          fields -> new WelcomeEmailSent(userId(fields), email(fields)),
          UserFormats::writeWelcomeSent));

  static final List<StateFormat<?>> STATES = List.of(
      new StateFormat<>(User.AGGREGATE, UserFormats::readUser, UserFormats::writeUser),
      new StateFormat<>(EmailClaim.AGGREGATE, fields -> new EmailClaim(email(fields), userId(fields)),
          UserFormats::writeClaim),
      new StateFormat<>(Welcome.AGGREGATE,
          fields -> new Welcome(userId(fields), email(fields), fields.requiredInstant("sentAt")),
          UserFormats::writeWelcome));

  private UserFormats() {}

  static UserId userId(Fields fields) throws UndecodableException {
    return Fields.valid("userId", fields.id("userId"), UserId::new);
  }

  private static EmailAddress email(Fields fields) throws UndecodableException {
    return Fields.valid("email", fields.text("email"), EmailAddress::new);
  }

  private static Optional<UserName> name(Fields fields) throws UndecodableException {
    Optional<String> name = fields.optionalText("name");
    return name.isEmpty() ? Optional.empty() : Optional.of(Fields.valid("name", name.get(), UserName::new));
  }

  private static UserCreated readCreated(Fields fields) throws UndecodableException {
    return new UserCreated(userId(fields), email(fields), name(fields));
  }

  private static void writeCreated(UserCreated event, JsonGenerator json) throws IOException {
    json.writeStringField("userId", event.userId().value());
    json.writeStringField("email", event.email().value());
    writeName(event.name(), json);
  }

  private static void writeProfileCreated(UserProfileCreated event, JsonGenerator json) throws IOException {
    json.writeStringField("userId", event.userId().value());
    json.writeStringField("displayName", event.displayName());
  }

  private static void writeWelcomeSent(WelcomeEmailSent event, JsonGenerator json) throws IOException {
    json.writeStringField("userId", event.userId().value());
    json.writeStringField("email", event.email().value());
  }

  private static User readUser(Fields fields) throws UndecodableException {
    Optional<Fields> profile = fields.optionalObject("profile");
    return new User(userId(fields), email(fields), name(fields), fields.requiredInstant("createdAt"),
        profile.isEmpty() ? Optional.empty() : Optional.of(readProfile(profile.get())));
  }

  private static Profile readProfile(Fields fields) throws UndecodableException {
    Instant createdAt = fields.requiredInstant("createdAt");
    return new Profile(fields.text("displayName"), createdAt);
  }

  private static void writeUser(User user, JsonGenerator json) throws IOException {
    json.writeStringField("userId", user.id().value());
    json.writeStringField("email", user.email().value());
    writeName(user.name(), json);
    json.writeNumberField("createdAt", user.createdAt().toEpochMilli());
    if (user.profile().isPresent()) {
      Profile profile = user.profile().get();
      json.writeObjectFieldStart("profile");
      json.writeStringField("displayName", profile.displayName());
      json.writeNumberField("createdAt", profile.createdAt().toEpochMilli());
      json.writeEndObject();
    }
  }

  private static void writeClaim(EmailClaim claim, JsonGenerator json) throws IOException {
    json.writeStringField("email", claim.email().value());
    json.writeStringField("userId", claim.owner().value());
  }

  private static void writeWelcome(Welcome welcome, JsonGenerator json) throws IOException {
    json.writeStringField("userId", welcome.userId().value());
    json.writeStringField("email", welcome.email().value());
    json.writeNumberField("sentAt", welcome.sentAt().toEpochMilli());
  }

  private static void writeName(Optional<UserName> name, JsonGenerator json) throws IOException {
    if (name.isPresent()) {
      json.writeStringField("name", name.get().value());
    } else {
      json.writeNullField("name");
    }
  }
}
