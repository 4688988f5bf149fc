package dev.tributary.domain.order;

import dev.tributary.domain.Decision;
import java.time.Instant;
import java.util.List;

/** Waits for its payment. */
public record CreatedOrder(Purchase purchase) implements Order {

  public Decision<PaidOrder, OrderEvent> paid(String paymentId, Instant at) {
    return new Decision<>(new PaidOrder(purchase, new Payment(paymentId, at)),
        List.of(new OrderPaid(purchase.id(), purchase.userId(), purchase.total(), paymentId)));
  }

  /** @param code the payment service's reason */
  public Decision<DeclinedOrder, OrderEvent> declined(String code, Instant at) {
    return new Decision<>(new DeclinedOrder(purchase, new Decline(code, at)),
        List.of(new OrderPaymentDeclined(purchase.id(), purchase.userId(), code)));
  }

  @Override
  public List<Step> history() {
    return List.of(new Step(OrderCreated.TYPE, purchase.createdAt()));
  }
}
