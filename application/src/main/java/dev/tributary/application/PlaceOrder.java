package dev.tributary.application;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Takes an order: the order and {@code order_created} are stored in one step. Paying and shipping follow from the event. */
public final class PlaceOrder {

  private final UnitOfWork store;
  private final Requests requests;
  private final Once once;
  private final Ids ids;
  private final InstantSource clock;

  public PlaceOrder(UnitOfWork store, Ids ids, InstantSource clock) {
    this.store = store;
    this.requests = new Requests(store);
    this.once = new Once(store, requests, Receipt.OF_ORDERS, "order");
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * @param key without one, every call is an order of its own
   * @param items as {@link Purchase} wants them
   * @throws StoreUnavailableException if the store does not confirm it
   */
  public Result place(Optional<IdempotencyKey> key, UserId userId, List<LineItem> items) {
    if (store.load(User.key(userId)).isEmpty()) {
      return new Result.UnknownUser();
    }
    return key.isPresent() ? placeOnce(key.get(), userId, items) : placeAnother(userId, items);
  }

  private Result placeAnother(UserId userId, List<LineItem> items) {
    var request = new RequestId(ids.next());
    var purchase = new Purchase(new OrderId(ids.next().toString()), userId, items, Time.now(clock));
    return switch (requests.commit(request, work(request, purchase))) {
      case CommitResult.Committed _,CommitResult.Duplicate _ -> new Result.Placed(Order.place(purchase).state());
      case CommitResult.Conflict conflict ->
        throw new IllegalStateException("a new order's id is taken: " + conflict.key());
    };
  }

  private Result placeOnce(IdempotencyKey key, UserId userId, List<LineItem> items) {
    Instant at = Time.now(clock);
    Once.Result made = once.make(key, fingerprint(userId, items),
        id -> work(new RequestId(id), new Purchase(orderId(id), userId, items, at)));
    return switch (made) {
      case Once.Result.Made(UUID id) ->
        new Result.Placed(Order.place(new Purchase(orderId(id), userId, items, at)).state());
      case Once.Result.Replayed(UUID id) -> new Result.Replayed(asPlaced(orderId(id)));
      case Once.Result.KeyReused _ -> new Result.KeyReused();
      case Once.Result.Taken(var taken) -> throw new IllegalStateException("an order takes nothing: " + taken);
    };
  }

  private CreatedOrder asPlaced(OrderId id) {
    return new CreatedOrder(store.load(Order.key(id)).orElseThrow().state().purchase());
  }

  private static Work work(RequestId request, Purchase purchase) {
    Decision<CreatedOrder, OrderEvent> decided = Order.place(purchase);
    return new Work(List.of(Change.creation(Order.key(purchase.id()), decided.state())),
        Cause.of(request).record(purchase.createdAt(), decided.events()));
  }

  private static UUID fingerprint(UserId userId, List<LineItem> items) {
    Stream<String> lines = items.stream()
        .flatMap(item -> Stream.of(item.sku(), Integer.toString(item.quantity()), item.unitPrice().toString()));
    return DerivedId.of(Stream.concat(Stream.of(userId.value()), lines).toArray(String[]::new));
  }

  private static OrderId orderId(UUID id) {
    return new OrderId(id.toString());
  }

  /** What became of an order. */
  public sealed interface Result {

    record Placed(CreatedOrder order) implements Result {}

    /**
     * The same was ordered before under this key.
     *
     * @param order as it was placed then
     */
    record Replayed(CreatedOrder order) implements Result {}

    /** Something else was ordered under this key. */
    record KeyReused() implements Result {}

    record UnknownUser() implements Result {}
  }
}
