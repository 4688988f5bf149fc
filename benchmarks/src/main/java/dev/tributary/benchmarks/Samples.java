package dev.tributary.benchmarks;

import dev.tributary.application.DerivedId;
import dev.tributary.application.RequestId;
import dev.tributary.application.UnitOfWork;
import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.EventPublisher;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Events and orders to work with; the same number gives the same. */
final class Samples {

  static final int BATCH = 100;

  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final Money PRICE = Money.parse("19.99", Money.currency("EUR"));
  private static final UserId USER = new UserId("01890a5d-ac96-774b-bcce-b302099a8057");

  private Samples() {}

  static List<Recorded<UserEvent>> users(int count) {
    return IntStream.range(0, count).mapToObj(Samples::user).toList();
  }

  static Recorded<UserEvent> user(int number) {
    return new Recorded<>(new EventId(DerivedId.of("event", Integer.toString(number))), AT.plusMillis(number),
        new UserCreated(new UserId("user-" + number), new EmailAddress("user" + number + "@example.com"),
            Optional.of(new UserName("Ada Lovelace"))));
  }

  /** The number of a {@link #user}. */
  static int number(UserId id) {
    return Integer.parseInt(id.value().substring("user-".length()));
  }

  static void publishUsers(EventPublisher publisher, int count) {
    inBatches(users(count)).forEach(batch -> publisher.publish(UserEvent.TOPIC, batch));
  }

  static <T> List<List<T>> inBatches(List<T> all) {
    return IntStream.iterate(0, from -> from < all.size(), from -> from + BATCH)
        .mapToObj(from -> all.subList(from, Math.min(all.size(), from + BATCH)))
        .toList();
  }

  /** Stores orders with their events, as requests do. */
  static void placeOrders(UnitOfWork store, int count) {
    try (ExecutorService customers = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, count).forEach(number -> customers.execute(() -> placeOrder(store, number)));
    }
  }

  private static void placeOrder(UnitOfWork store, int number) {
    var id = DerivedId.of("order", Integer.toString(number));
    var purchase = new Purchase(new OrderId(id.toString()), USER, List.of(new LineItem("A-1", 2, PRICE)), AT);
    Decision<CreatedOrder, OrderEvent> decided = Order.place(purchase);
    var created = new Recorded<>(new EventId(DerivedId.of("created", id.toString())), AT,
        decided.events().getFirst());
    var _ = store.commit(new RequestId(id),
        new Work(List.of(Change.creation(Order.key(purchase.id()), decided.state())), List.of(created)));
  }
}
