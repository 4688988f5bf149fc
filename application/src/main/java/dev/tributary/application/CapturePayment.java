package dev.tributary.application;

import dev.tributary.domain.Decision;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.CreatedOrder;
import dev.tributary.domain.order.DeclinedOrder;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.PaidOrder;
import dev.tributary.domain.order.Purchase;
import dev.tributary.domain.order.ShippedOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Charges each new order, by what we hold of it: nobody is charged on a stranger's word. */
public final class CapturePayment implements EventHandler<OrderCreated> {

  private final UnitOfWork store;
  private final Payments payments;
  private final InstantSource clock;

  public CapturePayment(UnitOfWork store, Payments payments, InstantSource clock) {
    this.store = store;
    this.payments = payments;
    this.clock = clock;
  }

  @Override
  public Outcome handle(Delivery<OrderCreated> delivery) throws InterruptedException {
    Optional<Versioned<Order>> held = store.load(Order.key(delivery.event().orderId()));
    if (held.isEmpty()) {
      return new Outcome.Rejected("no such order: " + delivery.event().orderId());
    }
    return switch (held.get().state()) {
      case CreatedOrder order -> capture(delivery, held.get(), order);
      case PaidOrder _,DeclinedOrder _,ShippedOrder _ -> Outcome.SETTLED;
    };
  }

  private Outcome capture(Delivery<OrderCreated> delivery, Versioned<Order> held, CreatedOrder order)
      throws InterruptedException {
    Purchase purchase = order.purchase();
    return payments.capture(purchase.id(), purchase.userId(), purchase.total())
        .toOutcome(result -> settle(delivery, held, decide(order, result)));
  }

  private Decision<? extends Order, OrderEvent> decide(CreatedOrder order, Payments.Result result) {
    Instant at = Time.now(clock);
    return switch (result) {
      case Payments.Result.Captured(var paymentId) -> order.paid(paymentId, at);
      case Payments.Result.Declined(var code) -> order.declined(code, at);
    };
  }

  private static Outcome settle(Delivery<OrderCreated> delivery, Versioned<Order> held,
      Decision<? extends Order, OrderEvent> decided) {
    Instant at = decided.state().history().getLast().at();
    return new Outcome.Settled(
        new Work(List.of(held.to(decided.state())), Cause.of(delivery).record(at, decided.events())));
  }
}
