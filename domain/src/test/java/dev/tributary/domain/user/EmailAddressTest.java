package dev.tributary.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EmailAddressTest {

  private static final String LONGEST_LOCAL = "l".repeat(64);
  private static final String LONGEST_LABEL = "d".repeat(63);
  private static final String LONGEST_DOMAIN = LONGEST_LABEL + "." + LONGEST_LABEL + "." + "d".repeat(61);

  static Stream<String> valid() {
    return Stream.of("a@b", "ada@example.com", "ADA@Example.COM", "ada.b+list@mail-1.example.co.uk", "1@2.3", ".@b",
        "a..b@c", "!#$%&'*+/=?^_`{|}~-@b.c", "a@xn--bcher-kva.example", "a@b--c.d", LONGEST_LOCAL + "@b",
        "a@" + LONGEST_LABEL, LONGEST_LOCAL + "@" + LONGEST_DOMAIN);
  }

  static Stream<String> notAddresses() {
    return Stream.of("", "@", "ada", "ada@", "@b", "a@b@c", "a b@c", " a@b", "a@b ", "a@b c", "\"a\"@b",
        "a@[127.0.0.1]",
        "<a@b>", "Ada <a@b>", "a,b@c", "a@b,c@d", "a;b@c", "a:b@c", "a(b)@c", "a\\b@c");
  }

  static Stream<String> headerInjections() {
    return Stream.of("a@b\n", "a@b\r\nBcc: c@d", "a\r\n@b", "a\u0000@b", "a@b\u0000", "a@b\u2028");
  }

  static Stream<String> badDomains() {
    return Stream.of("a@-b", "a@b-", "a@b.-c", "a@b-.c", "a@.b", "a@b.", "a@b..c", "a@b_c", "a@" + LONGEST_LABEL + "d");
  }

  static Stream<String> notAscii() {
    return Stream.of("ä@b", "a@bücher.example", "а@b", "a@b．c", "a＠b", "😀@b", "a@ıb");
  }

  static Stream<String> tooLong() {
    return Stream.of(LONGEST_LOCAL + "l@b", LONGEST_LOCAL + "@" + LONGEST_DOMAIN + "d", "a@b" + ".c".repeat(100_000));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void takes_what_a_browser_takes_and_keeps_it_as_written(String text) {
    assertThat(new EmailAddress(text)).hasToString(text);
  }

  @ParameterizedTest
  @MethodSource({"notAddresses", "headerInjections", "badDomains", "notAscii", "tooLong"})
  void refuses_everything_else(String text) {
    assertThatThrownBy(() -> new EmailAddress(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be an email address of at most 254 characters");
  }

  /** The rule as the standard writes it, and the lengths of RFC 5321. */
  @Test
  void takes_what_the_standards_pattern_takes() {
    String label = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    Pattern standard = Pattern.compile("[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@" + label + "(?:\\." + label + ")*");
    var random = new Random(20261126);
    int valid = 0;
    for (int i = 0; i < 100_000; i++) {
      String text = random.ints(random.nextInt(1, 9), 0, 10)
          .mapToObj(n -> "aZ9-..@@+é".substring(n, n + 1))
          .collect(Collectors.joining());
      boolean isValid = standard.matcher(text).matches();
      valid += isValid ? 1 : 0;
      assertThat(isTaken(text)).as(text).isEqualTo(isValid);
    }
    assertThat(valid).as("of both kinds there were many").isBetween(1_000, 99_000);
  }

  private static boolean isTaken(String text) {
    try {
      return new EmailAddress(text).value().equals(text);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({"ada@example.com, ADA@EXAMPLE.COM", "ada@example.com, Ada@example.Com", "i@b, I@B"})
  void has_one_normal_form_in_any_case(String one, String other) {
    assertThat(new EmailAddress(one).normalForm()).isEqualTo(new EmailAddress(other).normalForm());
  }

  @ParameterizedTest
  @CsvSource({"ada@example.com, ada+x@example.com", "a.b@c, ab@c", "a@b, a@b.c"})
  void other_addresses_have_other_normal_forms(String one, String other) {
    assertThat(new EmailAddress(one).normalForm()).isNotEqualTo(new EmailAddress(other).normalForm());
  }

  @Test
  @DefaultLocale("tr-TR")
  void has_the_same_normal_form_on_a_turkish_machine() {
    assertThat("I".toLowerCase(Locale.getDefault())).as("the locale is in force").isEqualTo("ı");
    assertThat(new EmailAddress("ILIAS@MAIL.EXAMPLE").normalForm()).isEqualTo("ilias@mail.example");
  }

  @Test
  void belongs_to_one_user_in_any_case() {
    assertThat(EmailClaim.key(new EmailAddress("Ada@Example.com")))
        .isEqualTo(EmailClaim.key(new EmailAddress("ada@example.COM")))
        .hasToString("email:ada@example.com");
  }
}
