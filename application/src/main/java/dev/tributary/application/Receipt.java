package dev.tributary.application;

import dev.tributary.domain.messaging.Aggregate;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * That something was made under an {@link IdempotencyKey}: created in one step with it, and kept under its id.
 *
 * @param fingerprint tells the request from others
 */
public record Receipt(UUID fingerprint) {

  public static final Duration KEPT = Duration.ofHours(24);

  public static final Aggregate<Receipt> OF_USERS = new Aggregate<>("user-receipt", UserEvent.TOPIC, Receipt.class,
      Optional.of(KEPT));

  public static final Aggregate<Receipt> OF_ORDERS = new Aggregate<>("order-receipt", OrderEvent.TOPIC, Receipt.class,
      Optional.of(KEPT));
}
