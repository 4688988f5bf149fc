package dev.tributary.domain.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.user.UserEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Topics, groups and aggregates are named alike. */
class NamesTest {

  static Stream<String> names() {
    return Stream.of("a", "0", "-", "user-events", "email-processors", "v2", "x".repeat(64));
  }

  static Stream<String> noNames() {
    return Stream.of("", " ", "A", "User", "a_b", "a b", "a.b", "a:b", "{a}", "a*", "a\n", "é", "١", "x".repeat(65));
  }

  @ParameterizedTest
  @MethodSource("names")
  void have_1_to_64_lower_case_letters_digits_and_hyphens(String name) {
    assertThat(new Topic<>(name, UserEvent.class)).hasToString(name);
    assertThat(new Group(name)).hasToString(name);
    assertThat(new Aggregate<>(name, UserEvent.TOPIC, String.class).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @MethodSource("noNames")
  void have_nothing_else(String name) {
    assertThatThrownBy(() -> new Topic<>(name, UserEvent.class)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not 1-64 characters of a-z 0-9 -: " + name);
    assertThatThrownBy(() -> new Group(name)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Aggregate<>(name, UserEvent.TOPIC, String.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keys_of_two_aggregates_differ_even_with_the_same_id() {
    var one = new Aggregate<>("one", UserEvent.TOPIC, String.class);
    var two = new Aggregate<>("two", UserEvent.TOPIC, String.class);
    assertThat(one.key("1")).hasToString("one:1").isEqualTo(one.key("1")).isNotEqualTo(two.key("1"));
  }
}
