package dev.tributary.application;

import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.Decline;
import dev.tributary.domain.order.DeclinedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.PaidOrder;
import dev.tributary.domain.order.Payment;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.order.Shipment;
import dev.tributary.domain.order.ShippedOrder;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** One user, one order, one clock. */
final class Samples {

  /** More exact than anything that is stored. */
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-04T05:06:07.123456789Z"));
  static final Instant NOW = Instant.parse("2026-03-04T05:06:07.123Z");
  static final Instant EARLIER = Instant.parse("2026-03-04T05:06:06.999Z");

  static final UserId USER_ID = new UserId("01890a5d-ac96-774b-bcce-b302099a8057");
  static final EmailAddress EMAIL = new EmailAddress("Ada@example.com");
  static final Optional<UserName> NAME = Optional.of(new UserName("Ada"));
  static final User USER = new User(USER_ID, EMAIL, NAME, EARLIER, Optional.empty());
  static final UserCreated USER_CREATED = new UserCreated(USER_ID, EMAIL, NAME);

  static final OrderId ORDER_ID = new OrderId("01890a5d-ac96-774b-bcce-b302099a8058");
  static final List<LineItem> ITEMS = List.of(new LineItem("A-1", 2, eur("19.99")));
  static final Purchase PURCHASE = new Purchase(ORDER_ID, USER_ID, ITEMS, EARLIER);
  static final CreatedOrder CREATED = new CreatedOrder(PURCHASE);
  static final DeclinedOrder DECLINED = new DeclinedOrder(PURCHASE, new Decline("card_expired", EARLIER));
  static final PaidOrder PAID = new PaidOrder(PURCHASE, new Payment("pay-0", EARLIER));
  static final ShippedOrder SHIPPED = new ShippedOrder(PURCHASE, PAID.payment(), new Shipment("track-0", EARLIER));

  private static final UUID EVENT_ID = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8059");

  private Samples() {}

  static Money eur(String amount) {
    return Money.parse(amount, Money.currency("EUR"));
  }

  static <E extends DomainEvent> Delivery<E> delivery(E event) {
    return delivery(event, 1);
  }

  /** The same event each time. */
  static <E extends DomainEvent> Delivery<E> delivery(E event, int attempt) {
    return new Delivery<>(new Recorded<>(new EventId(EVENT_ID), EARLIER, event), attempt);
  }

  /** An event that follows from the sample delivery, as its handler records it. */
  static Recorded<?> following(DomainEvent event) {
    UUID id = DerivedId.of(EVENT_ID.toString(), event.type(), "0");
    return new Recorded<>(new EventId(id), NOW, event);
  }

  /** Ids that count from 1. */
  static Ids ids() {
    var last = new AtomicLong();
    return () -> id(last.incrementAndGet());
  }

  static UUID id(long number) {
    return new UUID(0x01890a5d_ac96_7000L, 0x8000_0000_0000_0000L + number);
  }
}
