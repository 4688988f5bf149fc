package dev.tributary.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IdSyntaxTest {

  private static final String ALLOWED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

  static Stream<String> valid() {
    return Stream.of("a", "0", "-", "_", "42", "01890a5d-ac96-774b-bcce-b302099a8057", "x".repeat(64), ALLOWED);
  }

  static Stream<String> invalid() {
    return Stream.of("", " ", "a b", "a\n", "a.b", "a:b", "{a}", "a/b", "ä", "١", "\uff21", "😀", "x".repeat(65));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void takes_1_to_64_letters_digits_underscores_and_hyphens(String id) {
    assertThat(IdSyntax.isValid(id)).isTrue();
    assertThat(IdSyntax.require(id)).isEqualTo(id);
    assertThat(new UserId(id)).hasToString(id);
    assertThat(new OrderId(id)).hasToString(id);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refuses_everything_else(String id) {
    assertThat(IdSyntax.isValid(id)).isFalse();
    assertThatThrownBy(() -> IdSyntax.require(id)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be 1-64 characters of A-Z a-z 0-9 _ -");
    assertThatThrownBy(() -> new UserId(id)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OrderId(id)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void allows_these_64_characters_and_no_other() {
    String found = IntStream.rangeClosed(Character.MIN_VALUE, Character.MAX_VALUE)
        .mapToObj(Character::toString)
        .filter(IdSyntax::isValid)
        .reduce("", String::concat);
    assertThat(found.chars().sorted().toArray()).isEqualTo(ALLOWED.chars().sorted().toArray());
  }
}
