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
import java.time.InstantSource;
import java.util.List;

/** Takes an order: the order and {@code order_created} are stored in one step. Paying and shipping follow from the event. */
public final class PlaceOrder {

  private final UnitOfWork store;
  private final Requests requests;
  private final Ids ids;
  private final InstantSource clock;

  public PlaceOrder(UnitOfWork store, Ids ids, InstantSource clock) {
    this.store = store;
    this.requests = new Requests(store);
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * @param items as {@link Purchase} wants them
   * @throws StoreUnavailableException if the store does not confirm it
   */
  public Result place(UserId userId, List<LineItem> items) {
    if (store.load(User.key(userId)).isEmpty()) {
      return new Result.UnknownUser();
    }
    var request = new RequestId(ids.next());
    var purchase = new Purchase(new OrderId(ids.next().toString()), userId, items, Time.now(clock));
    Decision<CreatedOrder, OrderEvent> decided = Order.place(purchase);
    var work = new Work(List.of(Change.creation(Order.key(purchase.id()), decided.state())),
        Cause.of(request).record(purchase.createdAt(), decided.events()));
    return switch (requests.commit(request, work)) {
      case CommitResult.Committed _,CommitResult.Duplicate _ -> new Result.Placed(decided.state());
      case CommitResult.Conflict conflict ->
        throw new IllegalStateException("a new order's id is taken: " + conflict.key());
    };
  }

  /** What became of an order. */
  public sealed interface Result {

    record Placed(CreatedOrder order) implements Result {}

    record UnknownUser() implements Result {}
  }
}
