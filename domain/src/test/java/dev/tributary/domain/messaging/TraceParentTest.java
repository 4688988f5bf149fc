package dev.tributary.domain.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String IDS = TRACE + "-" + SPAN;

  @ParameterizedTest
  @CsvSource({"00,false", "01,true", "02,false", "03,true", "fe,false", "ff,true"})
  void of_the_flags_only_sampled_counts(String flags, boolean sampled) {
    assertThat(TraceParent.parse("00-" + IDS + "-" + flags)).contains(new TraceParent(TRACE, SPAN, sampled));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00-" + IDS + "-00", "00-" + IDS + "-01",
      "00-00000000000000000000000000000001-0000000000000001-01"})
  void what_it_writes_it_reads(String text) {
    assertThat(TraceParent.parse(text).orElseThrow()).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01-" + IDS + "-01", "cc-" + IDS + "-01", "fe-" + IDS + "-01-",
      "01-" + IDS + "-01-what-else"})
  void a_later_version_is_read_as_far_as_we_know_it(String text) {
    assertThat(TraceParent.parse(text).orElseThrow()).hasToString("00-" + IDS + "-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "00", "null", "00-" + IDS, "00-" + IDS + "-", "00-" + IDS + "-0", "00-" + IDS + "-1",
      "00-" + IDS + "-001", "00-" + IDS + "-01-", "00-" + IDS + "-01-x", "00-" + IDS + "-01 ", " 00-" + IDS + "-01",
      "00-" + IDS + "-01\n", "00-" + IDS + "-0g", "00-" + IDS + "-0A", "ff-" + IDS + "-01", "0-" + IDS + "-01",
      "000-" + IDS + "-01", "0x-" + IDS + "-01", "01-" + IDS + "-01x", "01-" + IDS + "-01-\r\nX: y",
      "00_" + IDS + "-01",
      "00-00000000000000000000000000000000-" + SPAN + "-01", "00-" + TRACE + "-0000000000000000-01",
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01", "00-" + TRACE + "-00F067AA0BA902B7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e473-" + SPAN + "-01", "00-4bf92f3577b34da6a3ce929d0e0e47366-" + SPAN + "-01",
      "00-" + TRACE + "-00f067aa0ba902b-01", "00-" + TRACE + "-00f067aa0ba902b77-01",
      "00-٤bf92f3577b34da6a3ce929d0e0e4736-" + SPAN + "-01", "00-" + IDS + "-01,00-" + IDS + "-01",
      "\u0000\u0000-" + IDS + "-01"})
  void whatever_else_is_none(String text) {
    assertThat(TraceParent.parse(text)).isEmpty();
  }

  @Test
  void what_has_no_end_is_none() {
    assertThat(TraceParent.parse("01-" + IDS + "-01-" + "x".repeat(456))).isPresent();
    assertThat(TraceParent.parse("01-" + IDS + "-01-" + "x".repeat(457))).isEmpty();
    assertThat(TraceParent.parse("-".repeat(1_000_000))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'',00f067aa0ba902b7", "4bf92f3577b34da6a3ce929d0e0e4736,''",
      "00000000000000000000000000000000,00f067aa0ba902b7", "4bf92f3577b34da6a3ce929d0e0e4736,0000000000000000",
      "4BF92F3577B34DA6A3CE929D0E0E4736,00f067aa0ba902b7", "00f067aa0ba902b7,4bf92f3577b34da6a3ce929d0e0e4736"})
  void ids_are_checked(String traceId, String spanId) {
    assertThatThrownBy(() -> new TraceParent(traceId, spanId, true)).isInstanceOf(IllegalArgumentException.class);
  }
}
