package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UseCasesTest {

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123456Z");
  private static final List<LineItem> ITEMS = List
      .of(new LineItem("A-1", 2, Money.parse("19.99", Money.currency("EUR"))));
  private static final EmailAddress ADA = new EmailAddress("ada@example.com");

  private final FakeStore store = new FakeStore();
  private final AtomicLong next = new AtomicLong();
  private final Ids ids = () -> new UUID(0x7000, next.incrementAndGet());
  private final RegisterUser register = new RegisterUser(store, ids, InstantSource.fixed(AT));
  private final PlaceOrder place = new PlaceOrder(store, ids, InstantSource.fixed(AT));

  @Test
  void a_registration_stores_user_claim_and_event_together() {
    User user = registered(ADA);
    assertThat(store.load(User.key(user.id()))).map(Versioned::state).contains(user);
    assertThat(store.load(EmailClaim.key(ADA))).map(claim -> claim.state().owner()).contains(user.id());
    assertThat(store.committed).hasSize(1);
    assertThat(events(store.committed.getFirst()))
        .containsExactly(new UserCreated(user.id(), ADA, Optional.empty()));
    assertThat(user.createdAt()).as("to the millisecond").isEqualTo(Instant.parse("2026-01-01T00:00:00.123Z"));
  }

  @Test
  void an_address_is_taken_whatever_its_case() {
    registered(ADA);
    assertThat(register.register(new EmailAddress("ADA@EXAMPLE.com"), Optional.empty()))
        .isEqualTo(new RegisterUser.Result.EmailTaken());
    assertThat(store.committed).hasSize(1);
  }

  @Test
  void a_lost_reply_is_asked_for_again_under_the_same_request() {
    store.repliesLost = 1;
    registered(ADA);
    assertThat(store.attempts).hasSize(2).containsOnly(store.attempts.getFirst());
    assertThat(store.committed).hasSize(1);
  }

  @Test
  void a_store_that_stays_away_is_an_exception() {
    store.away = 2;
    assertThatThrownBy(() -> registered(ADA)).isInstanceOf(StoreUnavailableException.class);
    assertThat(store.committed).isEmpty();
  }

  @Test
  void an_order_is_stored_with_its_event() {
    User user = registered(ADA);
    var placed = (PlaceOrder.Result.Placed) place.place(user.id(), ITEMS);
    Work work = store.committed.getLast();
    assertThat(work.changes())
        .containsExactly(Change.creation(Order.key(placed.order().purchase().id()), placed.order()));
    assertThat(events(work))
        .containsExactly(new OrderCreated(placed.order().purchase().id(), user.id(),
            Money.parse("39.98", Money.currency("EUR")), ITEMS));
  }

  @Test
  void nobody_orders_who_is_unknown() {
    assertThat(place.place(new UserId("nobody"), ITEMS)).isEqualTo(new PlaceOrder.Result.UnknownUser());
    assertThat(store.attempts).isEmpty();
  }

  @Test
  void derived_ids_are_stable_and_know_where_a_part_ends() {
    assertThat(DerivedId.of("a", "bc")).isEqualTo(DerivedId.of("a", "bc")).isNotEqualTo(DerivedId.of("ab", "c"));
    assertThat(DerivedId.of("x").version()).isEqualTo(8);
    assertThat(DerivedId.of("x").variant()).isEqualTo(2);
    assertThat(DerivedId.of("entry", "user-events", "1-0")).as("what was derived once must never change")
        .hasToString("c84d170b-4b5c-8a89-8622-335b900d5133");
  }

  private static List<DomainEvent> events(Work work) {
    return work.events().stream().<DomainEvent>map(Recorded::event).toList();
  }

  private User registered(EmailAddress email) {
    return ((RegisterUser.Result.Registered) register.register(email, Optional.empty())).user();
  }
}
