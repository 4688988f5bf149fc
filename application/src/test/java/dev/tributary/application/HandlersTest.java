package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.order.OrderPaymentDeclined;
import dev.tributary.domain.order.OrderShipped;
import dev.tributary.domain.order.PaidOrder;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserProfileCreated;
import dev.tributary.domain.user.Welcome;
import dev.tributary.domain.user.WelcomeEmailSent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HandlersTest {

  private static final Instant AT = Instant.ofEpochMilli(1_000);
  private static final InstantSource CLOCK = InstantSource.fixed(AT.plusMillis(5));
  private static final UserId USER = new UserId("u-1");
  private static final EmailAddress EMAIL = new EmailAddress("ada@example.com");
  private static final Money PRICE = Money.parse("19.99", Money.currency("EUR"));
  private static final Purchase PURCHASE = new Purchase(new OrderId("o-1"), USER,
      List.of(new LineItem("A-1", 2, PRICE)), AT);
  private static final CreatedOrder CREATED = Order.place(PURCHASE).state();
  private static final PaidOrder PAID = CREATED.paid("p-1", AT).state();

  private final FakeStore store = new FakeStore();
  private final List<String> calls = new ArrayList<>();

  @Test
  void a_new_user_is_welcomed_under_the_events_id() throws Exception {
    Delivery<UserCreated> delivery = delivery(new UserCreated(USER, EMAIL, Optional.empty()));
    Outcome outcome = mailing(new Answer.Done<>(new Mailer.Sent("m"))).handle(delivery);
    assertThat(calls).containsExactly(delivery.id() + " " + EMAIL);
    assertThat(outcome).isInstanceOfSatisfying(Outcome.Settled.class, settled -> {
      assertThat(settled.work().changes())
          .containsExactly(Change.creation(Welcome.key(USER), new Welcome(USER, EMAIL, AT.plusMillis(5))));
      assertThat(events(settled))
          .containsExactly(new WelcomeEmailSent(USER, EMAIL));
    });
  }

  @Test
  void nobody_is_welcomed_twice() throws Exception {
    store.put(Change.creation(Welcome.key(USER), new Welcome(USER, EMAIL, AT)));
    assertThat(mailing(new Answer.Done<>(new Mailer.Sent("m")))
        .handle(delivery(new UserCreated(USER, EMAIL, Optional.empty()))))
        .isEqualTo(Outcome.SETTLED);
    assertThat(calls).isEmpty();
  }

  @Test
  void what_a_service_cannot_do_now_is_tried_again_and_what_it_never_does_is_rejected() throws Exception {
    Delivery<UserCreated> delivery = delivery(new UserCreated(USER, EMAIL, Optional.empty()));
    Optional<Duration> after = Optional.of(Duration.ofSeconds(9));
    assertThat(mailing(new Answer.Unavailable<>(after, "busy")).handle(delivery))
        .isEqualTo(new Outcome.Retry(after, "busy"));
    assertThat(mailing(new Answer.Refused<>("no such mailbox")).handle(delivery))
        .isEqualTo(new Outcome.Rejected("no such mailbox"));
  }

  @Test
  void a_user_whom_we_hold_is_given_a_profile_once() {
    User user = User.register(USER, EMAIL, Optional.empty(), AT).state();
    store.put(Change.creation(User.key(USER), user));
    Delivery<UserCreated> delivery = delivery(new UserCreated(USER, EMAIL, Optional.empty()));
    var handler = new CreateProfile(store, CLOCK);
    assertThat(handler.handle(delivery)).isInstanceOfSatisfying(Outcome.Settled.class, settled -> {
      assertThat(events(settled))
          .containsExactly(new UserProfileCreated(USER, "ada"));
      settled.work().changes().forEach(store::put);
    });
    assertThat(handler.handle(delivery)).isEqualTo(Outcome.SETTLED);
  }

  @Test
  void a_stranger_is_taken_in_with_claim_and_profile() {
    assertThat(new CreateProfile(store, CLOCK).handle(delivery(new UserCreated(USER, EMAIL, Optional.empty()))))
        .isInstanceOfSatisfying(Outcome.Settled.class, settled -> {
          assertThat(settled.work().changes()).extracting(change -> change.key().toString())
              .containsExactly("email:ada@example.com", "user:u-1");
          assertThat(events(settled))
              .containsExactly(new UserProfileCreated(USER, "ada"));
        });
  }

  @Test
  void a_stranger_with_anothers_address_is_rejected() {
    store.put(Change.creation(EmailClaim.key(EMAIL), new EmailClaim(EMAIL, new UserId("u-2"))));
    assertThat(new CreateProfile(store, CLOCK)
        .handle(delivery(new UserCreated(USER, new EmailAddress("ADA@example.com"), Optional.empty()))))
        .isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void an_order_is_charged_by_what_we_hold_not_by_what_the_event_says() throws Exception {
    hold(CREATED);
    var lie = new OrderCreated(PURCHASE.id(), new UserId("thief"), Money.parse("0.01", Money.currency("EUR")),
        PURCHASE.items());
    Outcome outcome = capturing(new Answer.Done<>(new Payments.Result.Captured("p-1"))).handle(delivery(lie));
    assertThat(calls).containsExactly("o-1 u-1 39.98 EUR");
    assertThat(events(outcome)).containsExactly(new OrderPaid(PURCHASE.id(), USER, PURCHASE.total(), "p-1"));
  }

  @Test
  void a_declined_payment_is_an_answer() throws Exception {
    hold(CREATED);
    assertThat(events(capturing(new Answer.Done<>(new Payments.Result.Declined("no_funds"))).handle(orderCreated())))
        .containsExactly(new OrderPaymentDeclined(PURCHASE.id(), USER, "no_funds"));
  }

  @Test
  void nobody_is_charged_on_a_strangers_word() throws Exception {
    assertThat(capturing(new Answer.Done<>(new Payments.Result.Captured("p"))).handle(orderCreated()))
        .isInstanceOf(Outcome.Rejected.class);
    assertThat(calls).isEmpty();
  }

  @Test
  void nobody_is_charged_twice() throws Exception {
    for (Order order : List.of(PAID, CREATED.declined("no", AT).state(), PAID.shipped("t", AT).state())) {
      hold(order);
      assertThat(capturing(new Answer.Done<>(new Payments.Result.Captured("p"))).handle(orderCreated()))
          .isEqualTo(Outcome.SETTLED);
    }
    assertThat(calls).isEmpty();
  }

  @Test
  void a_paid_order_is_shipped() throws Exception {
    hold(PAID);
    assertThat(events(shipping().handle(orderPaid()))).containsExactly(new OrderShipped(PURCHASE.id(), USER, "t-1"));
    assertThat(calls).containsExactly("o-1 u-1 1");
  }

  @Test
  void what_is_not_paid_is_not_shipped_whatever_the_event_says() throws Exception {
    assertThat(shipping().handle(orderPaid())).isInstanceOf(Outcome.Rejected.class);
    for (Order order : List.of(CREATED, CREATED.declined("no", AT).state())) {
      hold(order);
      assertThat(shipping().handle(orderPaid())).isInstanceOf(Outcome.Rejected.class);
    }
    hold(PAID.shipped("t", AT).state());
    assertThat(shipping().handle(orderPaid())).isEqualTo(Outcome.SETTLED);
    assertThat(calls).isEmpty();
  }

  @Test
  void handling_twice_gives_equal_work() throws Exception {
    hold(CREATED);
    Delivery<OrderCreated> delivery = orderCreated();
    CapturePayment handler = capturing(new Answer.Done<>(new Payments.Result.Captured("p-1")));
    assertThat(handler.handle(delivery)).isEqualTo(handler.handle(delivery));
  }

  @Test
  void events_of_one_cause_have_ids_of_their_own() {
    Delivery<UserCreated> delivery = delivery(new UserCreated(USER, EMAIL, Optional.empty()));
    assertThat(Cause.of(delivery)
        .record(AT, List.of(new WelcomeEmailSent(USER, EMAIL), new WelcomeEmailSent(USER, EMAIL),
            new UserProfileCreated(USER, "x"))))
        .extracting(Recorded::id)
        .doesNotHaveDuplicates();
  }

  private SendWelcomeEmail mailing(Answer<Mailer.Sent> answer) {
    return new SendWelcomeEmail(store, (cause, to, _) -> {
      calls.add(cause + " " + to);
      return answer;
    }, CLOCK);
  }

  private CapturePayment capturing(Answer<Payments.Result> answer) {
    return new CapturePayment(store, (order, user, amount) -> {
      calls.add(order + " " + user + " " + amount);
      return answer;
    }, CLOCK);
  }

  private ShipOrder shipping() {
    return new ShipOrder(store, (order, user, items) -> {
      calls.add(order + " " + user + " " + items.size());
      return new Answer.Done<>(new Shipping.Shipped("t-1"));
    }, CLOCK);
  }

  private void hold(Order order) {
    store.put(Change.creation(Order.key(PURCHASE.id()), order));
  }

  private static Delivery<OrderCreated> orderCreated() {
    return delivery(new OrderCreated(PURCHASE.id(), USER, PURCHASE.total(), PURCHASE.items()));
  }

  private static Delivery<OrderPaid> orderPaid() {
    return delivery(new OrderPaid(PURCHASE.id(), USER, PURCHASE.total(), "p-1"));
  }

  private static <E extends DomainEvent> Delivery<E> delivery(E event) {
    return new Delivery<>(new Recorded<>(new EventId(new UUID(1, 2)), AT, event), 1);
  }

  private static List<DomainEvent> events(Outcome outcome) {
    return ((Outcome.Settled) outcome).work().events().stream().<DomainEvent>map(Recorded::event).toList();
  }
}
