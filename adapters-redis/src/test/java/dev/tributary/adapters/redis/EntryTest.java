package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {

  @Test
  void an_entry_was_appended_when_its_id_says() {
    assertThat(new Entry("1700000000123-7", Map.of()).appendedAt())
        .isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
  }

  /** Anybody may give an entry any id that Redis takes, up to twice 64 bits without a sign. */
  @ParameterizedTest
  @ValueSource(strings = {"18446744073709551615-0", "9223372036854775808-1", "253402300800000-0"})
  void one_with_an_id_beyond_all_times_was_appended_at_the_last_instant(String id) {
    assertThat(new Entry(id, Map.of()).appendedAt()).isEqualTo(Instant.parse("9999-12-31T23:59:59.999Z"));
  }

  @Test
  void one_that_was_appended_again_is_the_one_that_it_stands_for() {
    assertThat(new Entry("2-0", Map.of("redrive-of", Utf8.bytes("1-0"))).originalId()).isEqualTo("1-0");
    assertThat(new Entry("2-0", Map.of()).originalId()).isEqualTo("2-0");
  }
}
