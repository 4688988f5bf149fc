package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.application.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void who_is_not_named_is_committed() {
    assertThat(Verdict.each(3, List.of(3L))).hasSize(3).hasOnlyElementsOfType(Verdict.Committed.class);
    assertThat(Verdict.each(4, List.of(4L, 2L, text("conflict 1"), 4L, text("fenced")))).containsExactly(
        new Verdict.Committed(), new Verdict.Conflict(0), new Verdict.Committed(), new Verdict.Fenced());
    assertThat(Verdict.each(2, List.of(2L, 1L, text("duplicate"), 2L, text("error WRONGTYPE")))).containsExactly(
        new Verdict.Duplicate(), new Verdict.Broken("error WRONGTYPE"));
  }

  @Test
  void a_reply_to_other_works_is_none() {
    for (List<Object> reply : List.<List<Object>>of(List.of(), List.of(2L), List.of(text("3")))) {
      assertThatThrownBy(() -> Verdict.each(3, reply)).isInstanceOf(StoreUnavailableException.class);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
