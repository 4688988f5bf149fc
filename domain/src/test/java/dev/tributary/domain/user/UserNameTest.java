package dev.tributary.domain.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserNameTest {

  private static final String EMOJI = Character.toString(0x1F600);

  static Stream<String> names() {
    return Stream.of("A", "Ada Lovelace", " Ada ", "O'Brien-Smith, Jr.", "<b>Ada</b>", "Zoë", "李小龍", "علي", "नमस्ते",
        EMOJI,
        "👩‍👩‍👧‍👦", "🇩🇪", "Zoe\u0308", "Ada\u00a0Lovelace", "a".repeat(200), EMOJI.repeat(200));
  }

  @ParameterizedTest
  @MethodSource("names")
  void takes_any_script_and_keeps_it_as_written(String name) {
    assertThat(new UserName(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "   ", "\t", "\n", "\u2003", "\u3000", "\u2028", "\u00a0", "\u2007 \u202f"})
  void is_not_blank(String name) {
    assertWrong(name, "must have 1-200 characters and not be blank");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "😀", "é"})
  void has_at_most_200_code_points(String character) {
    assertWrong(character.repeat(201), "must have 1-200 characters and not be blank");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r\nBcc: c@d", "a\tb", "a\u0000", "\u0007a", "a\u001b[31m", "a\u007f", "a\u0085b",
      "a\u009fb", "a\u2028b", "a\u2029b"})
  void has_no_control_characters_and_no_line_separators(String name) {
    assertWrong(name, "must not contain control characters or broken surrogates");
  }

  @ParameterizedTest
  @MethodSource("brokenSurrogates")
  void has_no_broken_surrogates(String name) {
    assertWrong(name, "must not contain control characters or broken surrogates");
  }

  static Stream<String> brokenSurrogates() {
    String high = Character.toString(0xD83D);
    String low = Character.toString(0xDE00);
    return Stream.of(high, low, "a" + high, high + "a", low + high, "a" + low + "b", EMOJI + high);
  }

  private static void assertWrong(String name, String message) {
    assertThatThrownBy(() -> new UserName(name)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
