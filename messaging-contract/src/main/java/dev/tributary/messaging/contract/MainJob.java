package dev.tributary.messaging.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.Answer;
import dev.tributary.application.CapturePayment;
import dev.tributary.application.CreateProfile;
import dev.tributary.application.Groups;
import dev.tributary.application.Mailer;
import dev.tributary.application.Messaging;
import dev.tributary.application.Payments;
import dev.tributary.application.PlaceOrder;
import dev.tributary.application.Queries;
import dev.tributary.application.RegisterUser;
import dev.tributary.application.SendWelcomeEmail;
import dev.tributary.application.ShipOrder;
import dev.tributary.application.Shipping;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.ShippedOrder;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Users who register and order, through the real use cases and handlers, with services that count. */
final class MainJob {

  enum Run {
    ONCE, TWICE
  }

  private final Messaging messaging;
  private final InstantSource clock = InstantSource.system();
  private final Map<String, AtomicInteger> mails = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> captures = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> shipments = new ConcurrentHashMap<>();
  private final List<UserId> users = new ArrayList<>();
  private final List<OrderId> orders = new ArrayList<>();

  MainJob(Messaging messaging) {
    this.messaging = messaging;
  }

  /** @param ordering of every group */
  void subscribeAll(Run run, Ordering ordering) {
    Mailer mailer = (cause, _, _) -> {
      count(mails, cause.toString());
      return new Answer.Done<>(new Mailer.Sent(cause.toString()));
    };
    Payments payments = (order, _, _) -> {
      count(captures, order.value());
      return new Answer.Done<>(new Payments.Result.Captured("payment-" + order));
    };
    Shipping shipping = (order, _, _) -> {
      count(shipments, order.value());
      return new Answer.Done<>(new Shipping.Shipped("track-" + order));
    };
    subscribe(Groups.EMAIL_PROCESSORS.ordered(ordering), new SendWelcomeEmail(messaging.unitOfWork(), mailer, clock),
        run);
    subscribe(Groups.USER_PROCESSORS.ordered(ordering), new CreateProfile(messaging.unitOfWork(), clock), run);
    subscribe(Groups.PAYMENT_PROCESSORS.ordered(ordering), new CapturePayment(messaging.unitOfWork(), payments, clock),
        run);
    subscribe(Groups.SHIPPING_PROCESSORS.ordered(ordering), new ShipOrder(messaging.unitOfWork(), shipping, clock),
        run);
  }

  private <E extends DomainEvent> void subscribe(SubscriptionSpec<E> spec, EventHandler<E> handler, Run run) {
    messaging.subscriber().subscribe(spec, run == Run.TWICE ? new Duplicating<>(handler) : handler);
  }

  void registerAndOrder(int count) {
    var register = new RegisterUser(messaging.unitOfWork(), UUID::randomUUID, clock);
    var place = new PlaceOrder(messaging.unitOfWork(), UUID::randomUUID, clock);
    var items = List.of(new LineItem("A-1", 2, Money.parse("19.99", Money.currency("EUR"))));
    for (int i = 0; i < count; i++) {
      var email = new EmailAddress("user" + i + "@example.com");
      var registered = (RegisterUser.Result.Registered) register.register(Optional.empty(), email, Optional.empty());
      assertThat(register.register(Optional.empty(), email, Optional.empty()))
          .isInstanceOf(RegisterUser.Result.EmailTaken.class);
      var placed = (PlaceOrder.Result.Placed) place.place(Optional.empty(), registered.user().id(), items);
      users.add(registered.user().id());
      orders.add(placed.order().purchase().id());
    }
    assertThat(place.place(Optional.empty(), new UserId("nobody"), items))
        .isInstanceOf(PlaceOrder.Result.UnknownUser.class);
  }

  void assertDone() {
    var queries = new Queries(messaging.unitOfWork(), messaging.orderHistory());
    assertThat(orders).allSatisfy(id -> assertThat(queries.order(id)).containsInstanceOf(ShippedOrder.class));
    assertThat(users).allSatisfy(id -> assertThat(queries.user(id)).hasValueSatisfying(view -> {
      assertThat(view.welcomeEmailSentAt()).isPresent();
      assertThat(view.user().profile()).isPresent();
    }));
  }

  /** @param runs how often each handler ran for a delivery */
  void assertNothingTwice(int runs) {
    assertThat(types(UserEvent.TOPIC)).containsExactlyInAnyOrderEntriesOf(
        Map.of("user_created", count(), "user_profile_created", count(), "welcome_email_sent", count()));
    assertThat(types(OrderEvent.TOPIC))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("order_created", count(), "order_paid", count(), "order_shipped", count()));
    assertThat(List.of(mails, captures, shipments))
        .allSatisfy(effects -> assertThat(effects.values()).hasSize(orders.size())
            .allSatisfy(times -> assertThat(times).hasValue(runs)));
  }

  private long count() {
    return orders.size();
  }

  private Map<String, Long> types(Topic<?> topic) {
    return IntStream.range(0, messaging.unitOfWork().partitioning().count())
        .mapToObj(partition -> messaging.log().read(topic, partition, EntryId.START, 200))
        .flatMap(List::stream)
        .map(LogEntry::fields)
        .collect(Collectors.groupingBy(fields -> fields.getOrDefault("type", ""), Collectors.counting()));
  }

  private static void count(Map<String, AtomicInteger> effects, String key) {
    effects.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
  }
}
