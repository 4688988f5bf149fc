package dev.tributary.domain.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserProfileCreated;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedTest {

  private static final EventId ID = new EventId(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));
  private static final UserProfileCreated EVENT = new UserProfileCreated(new UserId("u-1"), "Ada");

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-01-02T03:04:05.006Z", "2026-01-02T03:04:05.999Z",
      "1969-12-31T23:59:59.999Z"})
  void happened_at_a_millisecond(String at) {
    assertThat(new Recorded<>(ID, Instant.parse(at), EVENT).at()).isEqualTo(at);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-01-02T03:04:05.006000001Z", "2026-01-02T03:04:05.0065Z", "1969-12-31T23:59:59.999999Z"})
  void refuses_a_time_that_no_log_would_give_back(String at) {
    assertThatThrownBy(() -> new Recorded<>(ID, Instant.parse(at), EVENT)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("more exact than a millisecond: " + Instant.parse(at));
  }

  @Test
  void a_delivery_shows_what_was_recorded() {
    var delivery = new Delivery<>(new Recorded<>(ID, Instant.EPOCH, EVENT), 1);
    assertThat(delivery.id()).isEqualTo(ID).hasToString("01890a5d-ac96-774b-bcce-b302099a8057");
    assertThat(delivery.event()).isEqualTo(EVENT);
  }

  @Test
  void the_step_that_an_event_came_from_changes_nothing_else() {
    var step = new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);
    var recorded = new Recorded<>(ID, Instant.EPOCH, EVENT);
    assertThat(recorded.trace()).isEmpty();
    assertThat(recorded.from(step)).isEqualTo(new Recorded<>(ID, Instant.EPOCH, EVENT, Optional.of(step)));
    var work = new Work(List.of(), List.of(recorded, recorded));
    assertThat(work.from(step)).isEqualTo(new Work(List.of(), List.of(recorded.from(step), recorded.from(step))));
    assertThat(Work.NONE.from(step).isNone()).isTrue();
  }
}
