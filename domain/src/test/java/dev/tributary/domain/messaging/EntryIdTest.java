package dev.tributary.domain.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryIdTest {

  @Test
  void the_previous_one_is_the_greatest_below() {
    assertThat(new EntryId(7, 3).previous()).isEqualTo(new EntryId(7, 2));
    assertThat(new EntryId(7, 0).previous()).isEqualTo(new EntryId(6, -1)).isLessThan(new EntryId(7, 0));
    assertThatThrownBy(EntryId.START::previous).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0-0", "0-1", "1700000000000-0", "1700000000000-12",
      "18446744073709551615-18446744073709551615"})
  void reads_what_it_writes(String text) {
    assertThat(EntryId.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "1", "1-", "-1", "1-2-3", "--1", "-1-0", "1--0", "+1-0", " 1-0", "1-0 ", "1-0\n",
      "1.0-0",
      "a-0", "0x1-0", "$", "+", "1-*", "٣-٠", "１-０", "1–0", "18446744073709551616-0", "0-18446744073709551616",
      "1-123456789012345678901"})
  void refuses_everything_else(String text) {
    assertThatThrownBy(() -> EntryId.parse(text)).isInstanceOf(IllegalArgumentException.class)
        .isNotInstanceOf(NumberFormatException.class)
        .hasMessage("must be an entry id such as 1700000000000-0");
  }

  @Test
  void later_entries_have_greater_ids() {
    List<EntryId> ordered = List.of(EntryId.START, new EntryId(0, 1), new EntryId(9, 0), new EntryId(9, 2),
        new EntryId(9, 10), new EntryId(10, 0), new EntryId(10, 1), new EntryId(Long.MAX_VALUE, 0),
        EntryId.parse("18446744073709551615-0"));
    var shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(20260103));
    assertThat(shuffled).isNotEqualTo(ordered);
    assertThat(shuffled.stream().sorted().toList()).isEqualTo(ordered);
  }

  @Test
  void equal_ids_compare_as_equal() {
    assertThat(EntryId.parse("5-7")).isEqualByComparingTo(new EntryId(5, 7)).isEqualTo(new EntryId(5, 7));
  }
}
