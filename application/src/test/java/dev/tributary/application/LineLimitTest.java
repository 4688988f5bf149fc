package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineLimitTest {

  private final LineLimit limit = new LineLimit();

  @Test
  void so_many_lines_a_second_pass_and_the_next_says_how_many_did_not() {
    assertThat(IntStream.range(0, 100).mapToLong(_ -> limit.admit(1)).filter(kept -> kept == 0).count())
        .isEqualTo(LineLimit.LINES_A_SECOND);
    assertThat(limit.admit(2)).isEqualTo(100 - LineLimit.LINES_A_SECOND);
    assertThat(limit.admit(2)).isZero();
  }
}
