package dev.tributary.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void the_median_is_the_middle_one() {
    assertThat(Spread.of(5, 1, 3)).isEqualTo(new Spread(1, 3, 5));
    assertThat(Spread.of(List.of("a", "four", "to"), String::length)).isEqualTo(new Spread(1, 2, 4));
  }

  @Test
  void of_an_even_number_it_lies_between_two() {
    assertThat(Spread.of(4, 1, 2, 9)).isEqualTo(new Spread(1, 3, 9));
  }

  @Test
  void of_nothing_there_is_none() {
    assertThatThrownBy(Spread::of).isInstanceOf(IllegalArgumentException.class);
  }
}
