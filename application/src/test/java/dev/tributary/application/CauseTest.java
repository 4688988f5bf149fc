package dev.tributary.application;

import static dev.tributary.application.Samples.NOW;
import static dev.tributary.application.Samples.USER_CREATED;
import static dev.tributary.application.Samples.USER_ID;
import static dev.tributary.application.Samples.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserProfileCreated;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CauseTest {

  private static final UserEvent PROFILED = new UserProfileCreated(USER_ID, "Ada");
  private static final Cause CAUSE = new Cause(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));

  @Test
  void makes_the_same_ids_each_time() {
    assertThat(ids(CAUSE, PROFILED, USER_CREATED)).isEqualTo(ids(CAUSE, PROFILED, USER_CREATED));
  }

  /** Worked out apart from this code. Another value would make stored events happen again. */
  @Test
  void the_id_of_an_event_that_follows_never_changes() {
    UUID id = DerivedId.of(CAUSE.id().toString(), "order_paid", "0");
    assertThat(id).hasToString("be7ef8aa-d234-8cf9-9a76-2596da016a06");
    assertThat(ids(CAUSE, PROFILED))
        .containsExactly(new EventId(DerivedId.of(CAUSE.id().toString(), "user_profile_created", "0")));
  }

  @Test
  void events_of_different_types_have_different_ids_even_in_different_groups() {
    assertThat(ids(CAUSE, PROFILED)).isNotEqualTo(ids(CAUSE, USER_CREATED));
  }

  @Test
  void equal_events_of_one_cause_have_different_ids() {
    assertThat(ids(CAUSE, PROFILED, PROFILED)).doesNotHaveDuplicates();
  }

  @Test
  void another_cause_makes_other_ids() {
    assertThat(ids(new Cause(new UUID(1, 2)), PROFILED)).isNotEqualTo(ids(CAUSE, PROFILED));
  }

  @Test
  void records_in_order_and_at_one_time() {
    assertThat(CAUSE.record(NOW, List.of(PROFILED, USER_CREATED))).extracting(Recorded::at, Recorded::event)
        .containsExactly(tuple(NOW, PROFILED),
            tuple(NOW, USER_CREATED));
    assertThat(CAUSE.record(NOW, List.of())).isEmpty();
  }

  @Test
  void is_named_by_the_request_or_by_the_event_not_by_the_attempt() {
    assertThat(Cause.of(new RequestId(CAUSE.id()))).isEqualTo(CAUSE);
    assertThat(Cause.of(delivery(USER_CREATED, 1))).isEqualTo(Cause.of(delivery(USER_CREATED, 5)))
        .isEqualTo(new Cause(delivery(USER_CREATED).id().value()));
  }

  private static List<EventId> ids(Cause cause, UserEvent... events) {
    return cause.record(NOW, List.of(events)).stream().map(Recorded::id).toList();
  }
}
