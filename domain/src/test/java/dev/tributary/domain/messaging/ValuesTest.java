package dev.tributary.domain.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.Welcome;
import dev.tributary.domain.user.WelcomeEmailSent;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  private static final Instant AT = Instant.ofEpochMilli(1_000);
  private static final UserId USER = new UserId("u-1");
  private static final EmailAddress EMAIL = new EmailAddress("a@b");
  private static final Change<Welcome> CHANGE = Change.creation(Welcome.key(USER), new Welcome(USER, EMAIL, AT));
  private static final Recorded<UserEvent> EVENT = new Recorded<>(new EventId(new UUID(1, 2)), AT,
      new WelcomeEmailSent(USER, EMAIL));

  @Test
  void a_work_belongs_to_one_topic() {
    var work = new Work(List.of(CHANGE), List.of(EVENT));
    work.requireWithin(UserEvent.TOPIC);
    assertThatIllegalArgumentException().isThrownBy(() -> work.requireWithin(OrderEvent.TOPIC));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Work(List.of(), List.of(EVENT)).requireWithin(OrderEvent.TOPIC));
  }

  @Test
  void a_work_changes_a_state_once() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Work(List.of(CHANGE, CHANGE), List.of()));
  }

  @Test
  void a_work_is_none_if_nothing_follows() {
    assertThat(Work.NONE.isNone()).isTrue();
    assertThat(new Work(List.of(), List.of(EVENT)).isNone()).isFalse();
    assertThat(new Work(List.of(CHANGE), List.of()).isNone()).isFalse();
  }

  @Test
  void a_version_is_not_negative() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Change<>(CHANGE.key(), -1, CHANGE.state()));
  }

  @Test
  void an_event_happened_at_a_whole_millisecond() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Recorded<>(EVENT.id(), AT.plusNanos(1), EVENT.event()));
  }

  @Test
  void later_entries_have_greater_ids() {
    assertThat(List.of(EntryId.parse("10-0"), EntryId.parse("9-10"), EntryId.parse("9-5"), EntryId.START))
        .isSortedAccordingTo(
            (a, b) -> b.compareTo(a));
    assertThat(EntryId.parse("18446744073709551615-0")).isGreaterThan(EntryId.parse("1-0"))
        .hasToString("18446744073709551615-0");
    assertThat(EntryId.parse("1700000000000-7")).hasToString("1700000000000-7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1-", "-1", "a-b", "1-2-3", "1 - 2", "$", "18446744073709551616-0"})
  void an_entry_id_is_two_numbers(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> EntryId.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a b", "a:b", "{a}", "a_b"})
  void names_are_safe_in_keys(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Group(name));
    assertThatIllegalArgumentException().isThrownBy(() -> new Topic<>(name, UserEvent.class));
    assertThatIllegalArgumentException().isThrownBy(() -> new Aggregate<>(name, UserEvent.TOPIC, Welcome.class));
  }
}
