package dev.tributary.messaging.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.DerivedId;
import dev.tributary.application.IdempotencyKey;
import dev.tributary.application.PlaceOrder;
import dev.tributary.application.Receipt;
import dev.tributary.application.RegisterUser;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may rely on that send a request again under its idempotency key: one thing is made, and one event tells of it. */
@ParameterizedClass(name = "{0} partitions")
@ValueSource(ints = {1, 8, 64})
public abstract class IdempotencyContract extends ContractFixture {

  private static final Optional<IdempotencyKey> KEY = Optional.of(new IdempotencyKey("key{1}:*"));
  private static final Optional<IdempotencyKey> OTHER_KEY = Optional.of(new IdempotencyKey("key-2"));
  private static final EmailAddress EMAIL = new EmailAddress("ada@example.com");
  private static final EmailAddress OTHER_EMAIL = new EmailAddress("eve@example.com");

  private Harness.Node node;
  private UserId user;
  private InstantSource clock = InstantSource.system();

  @BeforeEach
  void register_a_user() {
    node = start();
    user = registered(Optional.empty(), new EmailAddress("buyer@example.com"));
  }

  @Test
  public void the_same_order_again_is_the_first_one() {
    PlaceOrder.Result first = place(KEY, 2);
    assertThat(first).isInstanceOf(PlaceOrder.Result.Placed.class);
    assertThat(place(KEY, 2)).isEqualTo(new PlaceOrder.Result.Replayed(((PlaceOrder.Result.Placed) first).order()));
    assertThat(entries(OrderEvent.TOPIC)).hasSize(1);
  }

  @Test
  public void another_order_under_the_same_key_is_refused() {
    place(KEY, 2);
    assertThat(place(KEY, 3)).isInstanceOf(PlaceOrder.Result.KeyReused.class);
    assertThat(entries(OrderEvent.TOPIC)).hasSize(1);
  }

  @Test
  public void the_same_order_under_another_key_is_another_one() {
    assertThat(place(KEY, 2)).isInstanceOf(PlaceOrder.Result.Placed.class);
    assertThat(place(OTHER_KEY, 2)).isInstanceOf(PlaceOrder.Result.Placed.class);
    assertThat(entries(OrderEvent.TOPIC)).hasSize(2);
  }

  @Test
  public void of_many_at_once_one_makes_the_order_and_all_get_it() throws Exception {
    List<Harness.Node> nodes = List.of(node, start());
    var placed = new ArrayList<PlaceOrder.Result>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<PlaceOrder.Result>>();
      for (int i = 0; i < 200; i++) {
        Harness.Node some = nodes.get(i % nodes.size());
        tasks.add(() -> place(some, KEY, 2));
      }
      for (Future<PlaceOrder.Result> result : threads.invokeAll(tasks)) {
        placed.add(result.get());
      }
    }
    assertThat(placed).filteredOn(PlaceOrder.Result.Placed.class::isInstance).hasSize(1);
    assertThat(placed).filteredOn(PlaceOrder.Result.Replayed.class::isInstance).hasSize(199);
    assertThat(placed.stream().map(IdempotencyContract::id).distinct()).hasSize(1);
    assertThat(entries(OrderEvent.TOPIC)).hasSize(1);
  }

  @Test
  public void after_everything_was_lost_the_same_key_makes_the_same_order_and_event() {
    OrderId first = id(place(KEY, 2));
    String event = entries(OrderEvent.TOPIC).getFirst().fields().get("id");
    UserId before = registered(KEY, EMAIL);
    harness.empty();
    assertThat(registered(KEY, EMAIL)).isEqualTo(before);
    user = before;
    assertThat(place(KEY, 2)).isInstanceOf(PlaceOrder.Result.Placed.class);
    assertThat(entries(OrderEvent.TOPIC)).singleElement()
        .satisfies(entry -> assertThat(entry.fields()).containsEntry("id", event)
            .containsEntry("key", first.value()));
  }

  @Test
  public void an_expired_key_makes_another_order() {
    OrderId first = id(place(KEY, 2));
    harness.expire(Receipt.OF_ORDERS.key(first.value()));
    PlaceOrder.Result second = place(KEY, 3);
    assertThat(second).isInstanceOf(PlaceOrder.Result.Placed.class);
    assertThat(id(second)).isNotEqualTo(first);
    assertThat(place(KEY, 3)).isInstanceOf(PlaceOrder.Result.Replayed.class);
    assertThat(place(KEY, 2)).isInstanceOf(PlaceOrder.Result.KeyReused.class);
    assertThat(node.messaging().unitOfWork().load(Order.key(first))).isPresent();
  }

  @Test
  public void the_same_registration_again_is_the_first_one() {
    RegisterUser.Result first = register(KEY, EMAIL);
    assertThat(first).isInstanceOf(RegisterUser.Result.Registered.class);
    assertThat(register(KEY, EMAIL))
        .isEqualTo(new RegisterUser.Result.Replayed(((RegisterUser.Result.Registered) first).user()));
    assertThat(register(KEY, OTHER_EMAIL)).isInstanceOf(RegisterUser.Result.KeyReused.class);
    assertThat(register(OTHER_KEY, EMAIL)).isInstanceOf(RegisterUser.Result.EmailTaken.class);
    assertThat(entries(UserEvent.TOPIC)).hasSize(2);
  }

  @Test
  public void what_was_refused_uses_up_no_key() {
    registered(Optional.empty(), EMAIL);
    assertThat(register(KEY, EMAIL)).isInstanceOf(RegisterUser.Result.EmailTaken.class);
    assertThat(register(KEY, OTHER_EMAIL)).isInstanceOf(RegisterUser.Result.Registered.class);
  }

  @Test
  public void an_expired_key_registers_another_user_but_none_of_the_same_address() {
    UserId first = registered(KEY, EMAIL);
    harness.expire(Receipt.OF_USERS.key(DerivedId.of("user", KEY.orElseThrow().value()).toString()));
    clock = InstantSource.offset(clock, Receipt.KEPT);
    assertThat(register(KEY, EMAIL)).isInstanceOf(RegisterUser.Result.EmailTaken.class);
    assertThat(registered(KEY, OTHER_EMAIL)).isNotEqualTo(first);
  }

  private PlaceOrder.Result place(Optional<IdempotencyKey> key, int quantity) {
    return place(node, key, quantity);
  }

  private PlaceOrder.Result place(Harness.Node at, Optional<IdempotencyKey> key, int quantity) {
    var items = List.of(new LineItem("A-1", quantity, Money.parse("19.99", Money.currency("EUR"))));
    return new PlaceOrder(at.messaging().unitOfWork(), UUID::randomUUID, InstantSource.system())
        .place(key, user, items);
  }

  private RegisterUser.Result register(Optional<IdempotencyKey> key, EmailAddress email) {
    return new RegisterUser(node.messaging().unitOfWork(), UUID::randomUUID, clock)
        .register(key, email, Optional.empty());
  }

  private UserId registered(Optional<IdempotencyKey> key, EmailAddress email) {
    return ((RegisterUser.Result.Registered) register(key, email)).user().id();
  }

  private static OrderId id(PlaceOrder.Result result) {
    return switch (result) {
      case PlaceOrder.Result.Placed(var order) -> order.purchase().id();
      case PlaceOrder.Result.Replayed(var order) -> order.purchase().id();
      case PlaceOrder.Result.KeyReused _,PlaceOrder.Result.UnknownUser _ ->
        throw new AssertionError("no order: " + result);
    };
  }

  private List<LogEntry> entries(Topic<?> topic) {
    return entries(node, topic);
  }
}
