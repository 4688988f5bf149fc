package dev.tributary.adapters.http;

import dev.tributary.application.IdempotencyKey;
import dev.tributary.application.PlaceOrder;
import dev.tributary.application.Queries;
import dev.tributary.domain.IdSyntax;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.user.UserId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code /orders}: ordering, and looking at an order. */
record Orders(PlaceOrder placeOrder, Queries queries, Optional<Backlog> backlog, RunningRequests running) {

  /** @param backlog what must have room for an order's events; empty if any number may wait */
  Orders(PlaceOrder placeOrder, Queries queries, Optional<Backlog> backlog) {
    this(placeOrder, queries, backlog, new RunningRequests());
  }

  void addTo(RoutesConfig routes) {
    routes.post("/orders", this::place);
    HttpApi.get(routes, "/orders/{id}", this::show);
  }

  private void place(Context ctx) {
    backlog.ifPresent(Backlog::requireRoom);
    Draft asked = JsonBody.read(ctx, Draft::read);
    running.run(ctx, key -> place(ctx, key, asked));
  }

  private void place(Context ctx, Optional<IdempotencyKey> key, Draft asked) {
    switch (placeOrder.place(key, asked.userId(), asked.items())) {
      case PlaceOrder.Result.Placed(var order) -> created(ctx, order);
      case PlaceOrder.Result.Replayed(var order) -> created(ctx.header(RunningRequests.REPLAYED, "true"), order);
      case PlaceOrder.Result.KeyReused _ -> throw RunningRequests.reused();
      case PlaceOrder.Result.UnknownUser _ ->
        throw new ProblemException(Problem.invalid(List.of(new Problem.FieldError("/userId", "is no user's id"))));
    }
  }

  private static void created(Context ctx, CreatedOrder order) {
    Answers.created(ctx, "/orders/" + order.purchase().id(), Views.order(order));
  }

  private void show(Context ctx) {
    Order order = Optional.of(ctx.pathParam("id"))
        .filter(IdSyntax::isValid)
        .map(OrderId::new)
        .flatMap(queries::order)
        .orElseThrow(() -> new ProblemException(Problem.notFound("There is no such order.")));
    Answers.ok(ctx, Views.order(order));
  }

  private record Draft(UserId userId, List<LineItem> items) {

    static Optional<Draft> read(JsonBody body) {
      Optional<UserId> userId = body.text("userId", UserId::new);
      Optional<Currency> currency = body.text("currency", Money::currency);
      List<LineItem> items = body.objects("items", Purchase::requireItems, item -> readItem(item, currency));
      return userId.map(user -> new Draft(user, items));
    }

    /** @param currency empty if it is invalid: no price can be judged then, and none is blamed */
    private static Optional<LineItem> readItem(JsonBody item, Optional<Currency> currency) {
      Optional<String> sku = item.text("sku", LineItem::requireSku);
      Optional<Integer> quantity = item.wholeNumber("quantity", LineItem::requireQuantity);
      Optional<Money> unitPrice = item
          .text("unitPrice", text -> currency.map(known -> Money.parse(text, known)))
          .flatMap(Function.identity());
      return sku.flatMap(
          article -> quantity.flatMap(count -> unitPrice.map(price -> new LineItem(article, count, price))));
    }
  }
}
