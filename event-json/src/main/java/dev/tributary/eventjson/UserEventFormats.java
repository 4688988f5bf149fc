package dev.tributary.eventjson;

import static dev.tributary.eventjson.Values.email;
import static dev.tributary.eventjson.Values.userId;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserProfileCreated;
import dev.tributary.domain.user.WelcomeEmailSent;
import java.io.IOException;
import java.util.List;

/** The events of users. */
final class UserEventFormats {

  static final List<EventFormat<? extends UserEvent>> ALL = List.of(
      new EventFormat<>(UserCreated.TYPE, UserCreated.class,
          fields -> new UserCreated(userId(fields), email(fields), Values.name(fields)),
          UserEventFormats::writeCreated),
      new EventFormat<>(UserProfileCreated.TYPE, UserProfileCreated.class,
          fields -> new UserProfileCreated(userId(fields), fields.text("displayName")),
          UserEventFormats::writeProfileCreated),
      new EventFormat<>(WelcomeEmailSent.TYPE, WelcomeEmailSent.class,
          fields -> new WelcomeEmailSent(userId(fields), email(fields)),
          UserEventFormats::writeWelcomeSent));

  private UserEventFormats() {}

  private static void writeCreated(UserCreated event, JsonGenerator json) throws IOException {
    json.writeStringField("userId", event.userId().value());
    json.writeStringField("email", event.email().value());
    Values.writeName(event.name(), json);
  }

  private static void writeProfileCreated(UserProfileCreated event, JsonGenerator json) throws IOException {
    json.writeStringField("userId", event.userId().value());
    json.writeStringField("displayName", event.displayName());
  }

  private static void writeWelcomeSent(WelcomeEmailSent event, JsonGenerator json) throws IOException {
    json.writeStringField("userId", event.userId().value());
    json.writeStringField("email", event.email().value());
  }
}
