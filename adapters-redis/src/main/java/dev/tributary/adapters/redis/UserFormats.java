package dev.tributary.adapters.redis;

import static dev.tributary.eventjson.Values.email;
import static dev.tributary.eventjson.Values.userId;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.Profile;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.Welcome;
import dev.tributary.eventjson.Fields;
import dev.tributary.eventjson.UndecodableException;
import dev.tributary.eventjson.Values;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Users, their claims and their welcome in JSON. */
final class UserFormats {

  static final List<StateFormat<?>> STATES = List.of(
      new StateFormat<>(User.AGGREGATE, UserFormats::readUser, UserFormats::writeUser),
      new StateFormat<>(EmailClaim.AGGREGATE, fields -> new EmailClaim(email(fields), userId(fields)),
          UserFormats::writeClaim),
      new StateFormat<>(Welcome.AGGREGATE,
          fields -> new Welcome(userId(fields), email(fields), fields.requiredInstant("sentAt")),
          UserFormats::writeWelcome));

  private UserFormats() {}

  private static User readUser(Fields fields) throws UndecodableException {
    Optional<Fields> profile = fields.optionalObject("profile");
    return new User(userId(fields), email(fields), Values.name(fields), fields.requiredInstant("createdAt"),
        profile.isEmpty() ? Optional.empty() : Optional.of(readProfile(profile.get())));
  }

  private static Profile readProfile(Fields fields) throws UndecodableException {
    Instant createdAt = fields.requiredInstant("createdAt");
    return new Profile(fields.text("displayName"), createdAt);
  }

  private static void writeUser(User user, JsonGenerator json) throws IOException {
    json.writeStringField("userId", user.id().value());
    json.writeStringField("email", user.email().value());
    Values.writeName(user.name(), json);
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
}
