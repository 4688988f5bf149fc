package dev.tributary.adapters.gateways;

import dev.tributary.adapters.gateways.JsonService.Promise;
import dev.tributary.application.Answer;
import dev.tributary.application.Payments;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import java.util.Map;
import java.util.Optional;

/** Payments over HTTP. */
final class HttpPayments implements Payments {

  private static final Promise<Result> CAPTURED = new Promise<>("paymentId", Result.Captured::new, Optional.empty());
  /** Whatever else it says: the status alone is the service's last word. */
  private static final Promise<Result> DECLINED = new Promise<>("code", Result.Declined::new, Optional.of("declined"));
  private static final Map<Integer, Promise<Result>> PROMISES = Map.of(200, CAPTURED, 201, CAPTURED, 402, DECLINED);

  private final JsonService service;

  HttpPayments(JsonService service) {
    this.service = service;
  }

  @Override
  public Answer<Result> capture(OrderId orderId, UserId userId, Money amount) throws InterruptedException {
    var body = new Body(orderId.value(), userId.value(), amount.toDecimal(), amount.currency().getCurrencyCode());
    return service.post("/payments", orderId.value(), body, PROMISES);
  }

  private record Body(String orderId, String userId, String amount, String currency) {}
}
