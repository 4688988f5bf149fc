package dev.tributary.domain.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.OrderShipped;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserProfileCreated;
import dev.tributary.domain.user.Welcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WorkTest {

  private static final UserId USER = new UserId("u-1");
  private static final Money PRICE = Money.parse("1", Money.currency("EUR"));
  private static final Recorded<?> PROFILED = recorded(new UserProfileCreated(USER, "Ada"));
  private static final Recorded<?> SHIPPED = recorded(new OrderShipped(new OrderId("o-1"), USER, "track-1"));

  @Test
  void of_one_topic_is_within_it_and_no_other() {
    var work = new Work(List.of(welcome("u-1"), claim("a@b")), List.of(PROFILED));
    assertThatCode(() -> work.requireWithin(UserEvent.TOPIC)).doesNotThrowAnyException();
    assertThatThrownBy(() -> work.requireWithin(OrderEvent.TOPIC)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("changes state outside order-events");
  }

  @Test
  void with_a_foreign_event_is_outside() {
    var work = new Work(List.of(welcome("u-1")), List.of(PROFILED, SHIPPED));
    assertThatThrownBy(() -> work.requireWithin(UserEvent.TOPIC)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("has events outside user-events");
  }

  @Test
  void of_two_topics_is_within_none() {
    var work = new Work(List.of(welcome("u-1")), List.of(SHIPPED));
    assertThatThrownBy(() -> work.requireWithin(UserEvent.TOPIC)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> work.requireWithin(OrderEvent.TOPIC)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void that_changes_states_of_two_topics_is_within_none() {
    var purchase = new Purchase(new OrderId("o-1"), USER, List.of(new LineItem("A-1", 1, PRICE)), Instant.EPOCH);
    var placed = Change.creation(Order.key(purchase.id()), new CreatedOrder(purchase));
    var work = new Work(List.of(welcome("u-1"), placed), List.of());
    assertThatThrownBy(() -> work.requireWithin(UserEvent.TOPIC)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> work.requireWithin(OrderEvent.TOPIC)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void changes_no_state_twice() {
    assertThatThrownBy(() -> new Work(List.of(claim("a@b"), claim("A@B")), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("changes one state twice");
    assertThatThrownBy(
        () -> new Work(List.of(welcome("u-1"), new Change<>(Welcome.key(USER), 7, sent("u-1"))), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void may_change_states_of_one_kind_or_of_one_id() {
    var sameId = Change.creation(EmailClaim.AGGREGATE.key("u-1"), new EmailClaim(new EmailAddress("a@b"), USER));
    assertThatCode(() -> new Work(List.of(welcome("u-1"), welcome("u-2"), sameId), List.of()))
        .doesNotThrowAnyException();
  }

  @Test
  void is_none_if_nothing_follows() {
    assertThat(Work.NONE.isNone()).isTrue();
    assertThat(Work.NONE).isEqualTo(new Work(List.of(), List.of()));
    assertThat(Outcome.SETTLED).isEqualTo(new Outcome.Settled(Work.NONE));
    assertThat(new Work(List.of(welcome("u-1")), List.of()).isNone()).isFalse();
    assertThat(new Work(List.of(), List.of(PROFILED)).isNone()).isFalse();
    assertThatCode(() -> Work.NONE.requireWithin(UserEvent.TOPIC)).doesNotThrowAnyException();
  }

  @Test
  void keeps_what_it_was_made_of() {
    var changes = new ArrayList<Change<?>>(List.of(welcome("u-1")));
    var events = new ArrayList<Recorded<?>>(List.of(PROFILED));
    var work = new Work(changes, events);
    changes.clear();
    events.clear();
    assertThat(work.changes()).hasSize(1).isUnmodifiable();
    assertThat(work.events()).hasSize(1).isUnmodifiable();
  }

  private static Change<Welcome> welcome(String userId) {
    return Change.creation(Welcome.key(new UserId(userId)), sent(userId));
  }

  private static Welcome sent(String userId) {
    return new Welcome(new UserId(userId), new EmailAddress("a@b"), Instant.EPOCH);
  }

  private static Change<EmailClaim> claim(String email) {
    var address = new EmailAddress(email);
    return Change.creation(EmailClaim.key(address), new EmailClaim(address, USER));
  }

  private static Recorded<?> recorded(DomainEvent event) {
    return new Recorded<>(new EventId(new UUID(0, 1)), Instant.EPOCH, event);
  }
}
