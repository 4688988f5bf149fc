package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineLimitTest {

  private static final long SECOND = 1_000_000_000;

  private static final int LINES_A_SECOND = 3;

  private final LineLimit limit = new LineLimit(LINES_A_SECOND);

  @Test
  void so_many_lines_a_second_pass_and_the_next_says_how_many_did_not() {
    assertThat(admitted(1)).isEqualTo(LINES_A_SECOND);
    assertThat(limit.admit(1 + SECOND)).isEqualTo(100 - LINES_A_SECOND);
    assertThat(limit.admit(1 + SECOND)).isZero();
  }

  /** Whoever counts the lines of a second need not begin where we do. */
  @Test
  void any_second_has_no_more_than_that() {
    assertThat(admitted(SECOND - 1)).isEqualTo(LINES_A_SECOND);
    assertThat(admitted(SECOND)).isZero();
    assertThat(admitted(2 * SECOND - 2)).isZero();
    assertThat(admitted(2 * SECOND - 1)).isEqualTo(LINES_A_SECOND);
  }

  /** Of a hundred. */
  private long admitted(long now) {
    return IntStream.range(0, 100).mapToLong(_ -> limit.admit(now)).filter(keptBack -> keptBack >= 0).count();
  }
}
