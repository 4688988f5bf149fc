package dev.tributary.adapters.gateways;

import dev.tributary.application.Answer;
import dev.tributary.application.Payments;
import dev.tributary.domain.order.Money;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that it took every payment and takes none. */
final class SimulatedPayments implements Payments {

  private static final Logger log = LoggerFactory.getLogger(SimulatedPayments.class);

  @Override
  public Answer<Result> capture(OrderId orderId, UserId userId, Money amount) {
    log.info("simulated payment: {} for order {} of user {}", amount, orderId, userId);
    return new Answer.Done<>(new Result.Captured("simulated-" + orderId));
  }
}
