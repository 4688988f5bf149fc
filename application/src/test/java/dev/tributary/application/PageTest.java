package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 200})
  void as_many_may_be_asked_for(int limit) {
    assertThatCode(() -> Page.requireLimit(limit)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 201, Integer.MAX_VALUE})
  void no_more_and_no_less(int limit) {
    assertThatThrownBy(() -> Page.requireLimit(limit)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be a whole number from 1 to 200");
  }
}
