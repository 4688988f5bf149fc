package dev.tributary.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.domain.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserTest {

  private static final Instant AT = Instant.ofEpochMilli(1_000);
  private static final UserId ID = new UserId("u-1");
  private static final EmailAddress EMAIL = new EmailAddress("Ada.Lovelace@Example.com");

  @Test
  void registering_tells_of_the_user() {
    Optional<UserName> name = Optional.of(new UserName("Ada"));
    Decision<User, UserEvent> registered = User.register(ID, EMAIL, name, AT);
    assertThat(registered.events()).containsExactly(new UserCreated(ID, EMAIL, name));
    assertThat(registered.events()).extracting(UserEvent::key).containsExactly("u-1");
    assertThat(registered.state().profile()).isEmpty();
  }

  @Test
  void a_profile_is_made_once_and_shows_the_name() {
    User user = User.register(ID, EMAIL, Optional.of(new UserName("Ada")), AT).state();
    Decision<User, UserEvent> profiled = user.withProfile(AT.plusMillis(1));
    assertThat(profiled.state().profile()).contains(new Profile("Ada", AT.plusMillis(1)));
    assertThat(profiled.events()).containsExactly(new UserProfileCreated(ID, "Ada"));
    assertThat(profiled.state().withProfile(AT.plusMillis(2)))
        .isEqualTo(new Decision<>(profiled.state(), List.of()));
  }

  @Test
  void without_a_name_the_profile_shows_what_stands_before_the_at() {
    assertThat(User.register(ID, EMAIL, Optional.empty(), AT).state().withProfile(AT).state().profile())
        .contains(new Profile("Ada.Lovelace", AT));
  }

  @Test
  void a_welcome_tells_of_itself() {
    Decision<Welcome, UserEvent> sent = Welcome.sent(ID, EMAIL, AT);
    assertThat(sent.state()).isEqualTo(new Welcome(ID, EMAIL, AT));
    assertThat(sent.events()).containsExactly(new WelcomeEmailSent(ID, EMAIL));
  }

  @Test
  void addresses_are_kept_as_written_and_compared_without_case() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.of("tr"));
      assertThat(new EmailAddress("INFO@EXAMPLE.COM").normalForm()).isEqualTo("info@example.com");
      assertThat(EMAIL.value()).isEqualTo("Ada.Lovelace@Example.com");
      assertThat(EmailClaim.key(EMAIL)).isEqualTo(EmailClaim.key(new EmailAddress("ada.lovelace@example.com")));
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@b", "a.b+c@d-e.example", "!#$%&'*+/=?^_`{|}~-@x.y", "a..b@example.com", "x@1.2.3"})
  void an_address_is_what_html_takes(String text) {
    assertThatCode(() -> new EmailAddress(text)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@-b", "a@b-", "a@b..c", "ä@b", "a@b\r\nBcc: x",
      "a@b\n", "<a@b>", "a@b,c@d"})
  void and_nothing_else(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new EmailAddress(text))
        .withMessageStartingWith("must be an email address");
  }

  @Test
  void an_address_has_at_most_254_characters() {
    String label = "x".repeat(61);
    String longest = "a@" + label + "." + label + "." + label + "." + "x".repeat(254 - 2 - 3 * 62);
    assertThat(longest).hasSize(254);
    assertThatIllegalArgumentException().isThrownBy(() -> new EmailAddress("b" + longest));
    assertThatCode(() -> new EmailAddress(longest.substring(0, 254 - 8))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ada", "Zoë", "李小龍", "👩‍🚀", "O'Neil; DROP TABLE", " Ada ", "محمد"})
  void a_name_is_kept_as_written(String name) {
    assertThat(new UserName(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\r\nb", "a\u0000", "\ud800", "a\u2028b", "\u007f"})
  void a_name_that_breaks_lines_or_is_blank_is_none(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new UserName(name)).withMessageStartingWith("must ");
  }

  @Test
  void a_name_is_counted_in_characters_not_in_halves_of_them() {
    assertThatCode(() -> new UserName("😀".repeat(200))).doesNotThrowAnyException();
    assertThatIllegalArgumentException().isThrownBy(() -> new UserName("😀".repeat(201)));
  }
}
