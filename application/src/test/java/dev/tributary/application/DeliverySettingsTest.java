package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliverySettingsTest {

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 20", "4, 80", "5, 100", "30, 100", "1000, 100"})
  void a_backoff_doubles_up_to_its_longest(int failures, long longestMillis) {
    DeliverySettings settings = settings(10, 100);
    assertThat(IntStream.range(0, 10_000).mapToObj(_ -> settings.backoff(failures)))
        .allMatch(backoff -> !backoff.isNegative() && backoff.toMillis() <= longestMillis)
        .anyMatch(backoff -> backoff.toMillis() > longestMillis / 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 31, 1000})
  void without_a_backoff_it_is_always_at_once(int failures) {
    DeliverySettings settings = settings(0, 100);
    assertThat(IntStream.range(0, 1000).mapToObj(_ -> settings.backoff(failures))).allMatch(Duration::isZero);
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "2, 1"})
  void its_bounds_are_kept(long first, long longest) {
    assertThatThrownBy(() -> settings(first, longest)).isInstanceOf(IllegalArgumentException.class);
  }

  private static DeliverySettings settings(long first, long longest) {
    return DeliverySettings.DEFAULTS.withRetries(5, Duration.ofMillis(first), Duration.ofMillis(longest));
  }
}
