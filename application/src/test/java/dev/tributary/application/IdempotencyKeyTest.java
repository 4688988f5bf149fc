package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "!", "~", "0b2a-{x}:*\"'\\"})
  void is_any_visible_ASCII(String value) {
    assertThat(new IdempotencyKey(value).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\n", "\u007f", "\u00e9", "\u0000"})
  void is_nothing_else(String value) {
    assertThatThrownBy(() -> new IdempotencyKey(value)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be 1-255 visible ASCII characters");
  }

  @Test
  void has_255_characters_at_most() {
    assertThat(new IdempotencyKey("k".repeat(255)).value()).hasSize(255);
    assertThatThrownBy(() -> new IdempotencyKey("k".repeat(256))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void stands_for_one_thing_of_each_kind() {
    var key = new IdempotencyKey("key");
    assertThat(key.derive("order")).isEqualTo(new IdempotencyKey("key").derive("order"))
        .isNotEqualTo(key.derive("user"))
        .isNotEqualTo(new IdempotencyKey("key2").derive("order"));
    assertThat(key.derive("order").version()).isEqualTo(8);
  }
}
