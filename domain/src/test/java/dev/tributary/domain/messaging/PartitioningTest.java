package dev.tributary.domain.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PartitioningTest {

  /** As {@code python3 -c "import zlib; print(zlib.crc32(key.encode()) % count)"} says: what is stored relies on it for ever. */
  @ParameterizedTest
  @CsvSource({"user-1,4,20,524", "018f3c1e-7b6a-7c3d-9e2f-0a1b2c3d4e5f,1,25,137", "ada@example.com,0,32,112",
      "grün,5,37,429"})
  void the_partition_of_a_key_never_changes(String key, int of8, int of64, int of1000) {
    assertThat(new Partitioning(8).of(key)).isEqualTo(of8);
    assertThat(new Partitioning(64).of(key)).isEqualTo(of64);
    assertThat(new Partitioning(1000).of(key)).isEqualTo(of1000);
    assertThat(Partitioning.ONE.of(key)).isZero();
  }

  @Test
  void keys_are_spread_evenly() {
    var counts = new int[8];
    IntStream.range(0, 8000).forEach(i -> counts[new Partitioning(8).of("user-" + i)]++);
    assertThat(counts).doesNotContain(0);
    assertThat(IntStream.of(counts).min().orElseThrow()).isGreaterThan(800);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1025})
  void there_are_1_to_1024(int count) {
    assertThatThrownBy(() -> new Partitioning(count)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keys_of_one_partition_are_together() {
    var eight = new Partitioning(8);
    for (int i = 0; i < 20; i++) {
      assertThat(eight.areTogether("a", "key-" + i)).isEqualTo(eight.of("a") == eight.of("key-" + i));
      assertThat(Partitioning.ONE.areTogether("a", "key-" + i)).isTrue();
    }
  }
}
