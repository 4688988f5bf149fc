package dev.tributary.adapters.gateways;

import dev.tributary.application.Answer;
import dev.tributary.application.Shipping;
import dev.tributary.domain.order.LineItem;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.UserId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that it sent every parcel and sends none. */
final class SimulatedShipping implements Shipping {

  private static final Logger log = LoggerFactory.getLogger(SimulatedShipping.class);

  @Override
  public Answer<Shipped> ship(OrderId orderId, UserId userId, List<LineItem> items) {
    log.info("simulated shipment: {} lines of order {} for user {}", items.size(), orderId, userId);
    return new Answer.Done<>(new Shipped("simulated-" + orderId));
  }
}
