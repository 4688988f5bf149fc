package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.application.DeadLetters.Pace;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

  @Test
  void what_stands_behind_others_comes_as_much_later() {
    Pace pace = Pace.perSecond(10_000);
    assertThat(pace.delayOf(0)).isZero();
    assertThat(pace.delayOf(3)).isEqualTo(Duration.ofNanos(300_000));
    assertThat(pace.behind(20_000).delayOf(10_000)).isEqualTo(Duration.ofSeconds(3));
    assertThat(pace.behind(5).behind(5)).isEqualTo(pace.behind(10));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void a_pace_goes_on(int none) {
    assertThatThrownBy(() -> Pace.perSecond(none)).isInstanceOf(IllegalArgumentException.class);
    Duration apart = Duration.ofNanos(none);
    assertThatThrownBy(() -> new Pace(Duration.ZERO, apart)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothing_was_due_before_now() {
    assertThatThrownBy(() -> new Pace(Duration.ofNanos(-1), Duration.ofNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
