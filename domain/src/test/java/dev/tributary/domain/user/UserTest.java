package dev.tributary.domain.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserTest {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.006Z");
  private static final Instant LATER = AT.plusSeconds(1);
  private static final UserId ID = new UserId("u-1");
  private static final EmailAddress EMAIL = new EmailAddress("Ada.L@example.com");
  private static final Optional<UserName> NAME = Optional.of(new UserName("Ada"));

  @Test
  void is_registered_without_a_profile() {
    var registered = User.register(ID, EMAIL, NAME, AT);
    assertThat(registered.state()).isEqualTo(new User(ID, EMAIL, NAME, AT, Optional.empty()));
    assertThat(registered.events()).containsExactly(new UserCreated(ID, EMAIL, NAME));
  }

  @Test
  void whom_another_producer_told_of_is_the_user_who_was_told_of() {
    assertThat(User.told(new UserCreated(ID, EMAIL, NAME), AT))
        .isEqualTo(new User(ID, EMAIL, NAME, AT, Optional.empty()));
  }

  @Test
  void is_shown_by_name() {
    var profiled = User.register(ID, EMAIL, NAME, AT).state().withProfile(LATER);
    assertThat(profiled.state()).isEqualTo(new User(ID, EMAIL, NAME, AT, Optional.of(new Profile("Ada", LATER))));
    assertThat(profiled.events()).containsExactly(new UserProfileCreated(ID, "Ada"));
  }

  @ParameterizedTest
  @CsvSource({"Ada.L@example.com, Ada.L", "a@b, a", "ada+news@b.c, ada+news"})
  void without_a_name_is_shown_by_the_address_before_the_at(String email, String shown) {
    var profiled = User.register(ID, new EmailAddress(email), Optional.empty(), AT).state().withProfile(LATER);
    assertThat(profiled.state().profile()).contains(new Profile(shown, LATER));
    assertThat(profiled.state().name()).isEmpty();
  }

  @Test
  void has_one_profile() {
    User profiled = User.register(ID, EMAIL, NAME, AT).state().withProfile(AT).state();
    assertThat(profiled.withProfile(LATER).state()).isEqualTo(profiled);
    assertThat(profiled.withProfile(LATER).events()).isEmpty();
  }

  @Test
  void is_welcomed_apart_from_the_profile() {
    var welcomed = Welcome.sent(ID, EMAIL, AT);
    assertThat(welcomed.state()).isEqualTo(new Welcome(ID, EMAIL, AT));
    assertThat(welcomed.events()).containsExactly(new WelcomeEmailSent(ID, EMAIL));
  }

  @Test
  void every_event_has_the_key_of_the_user_and_the_name_that_consumers_know() {
    assertEvent(new UserCreated(ID, EMAIL, NAME), "user_created");
    assertEvent(new UserProfileCreated(ID, "Ada"), "user_profile_created");
    assertEvent(new WelcomeEmailSent(ID, EMAIL), "welcome_email_sent");
  }

  @Test
  void all_that_is_known_of_a_user_is_kept_beside_the_events() {
    assertThat(User.key(ID)).hasToString("user:u-1");
    assertThat(Welcome.key(ID)).hasToString("welcome:u-1");
    assertThat(UserEvent.TOPIC).hasToString("user-events")
        .isSameAs(User.AGGREGATE.topic())
        .isSameAs(Welcome.AGGREGATE.topic())
        .isSameAs(EmailClaim.AGGREGATE.topic());
  }

  private static void assertEvent(UserEvent event, String type) {
    assertThat(event.type()).isEqualTo(type);
    assertThat(event.key()).isEqualTo("u-1");
    assertThat(UserEvent.TOPIC.events().isInstance(event)).isTrue();
  }
}
