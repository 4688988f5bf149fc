package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.application.AuditLog;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.EntryId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditTest {

  private final List<String> noted = new ArrayList<>();
  private boolean away;

  private final Audit audit = new Audit(new AuditLog() {
    @Override
    public void record(String who, String action, String target, String result) {
      if (away) {
        throw new StoreUnavailableException("away");
      }
      noted.add(String.join(" | ", who, action, target, result));
    }

    @Override
    public List<Deed> read(EntryId after, int limit) {
      return List.of();
    }
  });

  @Test
  void what_was_done_is_noted() {
    assertThat(audit.of("ada", "discard", "three ids", () -> 3, count -> count + " discarded")).isEqualTo(3);
    assertThat(noted).containsExactly("ada | discard | three ids | 3 discarded");
  }

  @Test
  void a_log_that_is_away_hides_no_outcome() {
    away = true;
    assertThat(audit.of("ada", "discard", "three ids", () -> 3, count -> count + " discarded")).isEqualTo(3);
  }

  @Test
  void what_failed_is_noted_and_stays_a_failure() {
    assertThatThrownBy(() -> audit.of("ada", "redrive", "all", () -> {
      throw new StoreUnavailableException("away");
    }, _ -> "")).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> audit.of("ada", "redrive", "all", () -> {
      throw new IllegalStateException("a fault of ours");
    }, _ -> "")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> audit.of("ada", "redrive", "all", () -> {
      throw new ProblemException(Problem.notFound("There is no such group."));
    }, _ -> "")).isInstanceOf(ProblemException.class);
    assertThat(noted).containsExactly(
        "ada | redrive | all | failed: the store did not answer; some of it may have been done",
        "ada | redrive | all | failed; some of it may have been done",
        "ada | redrive | all | refused: There is no such group.");
  }

  @Test
  void what_a_client_names_is_one_line_of_bounded_length() {
    audit.note("ada", "redrive", "a\r\nb" + "x".repeat(1000), "done");
    assertThat(noted.getFirst()).startsWith("ada | redrive | a  bxxx").hasSizeLessThan(600);
  }
}
