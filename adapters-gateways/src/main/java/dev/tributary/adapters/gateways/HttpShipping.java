package dev.tributary.adapters.gateways;

import dev.tributary.adapters.gateways.JsonService.Promise;
import dev.tributary.application.Answer;
import dev.tributary.application.Shipping;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shipping over HTTP. */
final class HttpShipping implements Shipping {

  private static final Promise<Shipped> SHIPPED = new Promise<>("trackingNumber", Shipped::new, Optional.empty());
  private static final Map<Integer, Promise<Shipped>> PROMISES = Map.of(200, SHIPPED, 201, SHIPPED);

  private final JsonService service;

  HttpShipping(JsonService service) {
    this.service = service;
  }

  @Override
  public Answer<Shipped> ship(OrderId orderId, UserId userId, List<LineItem> items) throws InterruptedException {
    var body = new Body(orderId.value(), userId.value(), items.stream().map(Item::of).toList());
    return service.post("/shipments", orderId.value(), body, PROMISES);
  }

  private record Body(String orderId, String userId, List<Item> items) {}

  private record Item(String sku, int quantity, String unitPrice) {

    private static Item of(LineItem item) {
      return new Item(item.sku(), item.quantity(), item.unitPrice().toDecimal());
    }
  }
}
