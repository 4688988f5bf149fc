package dev.tributary.domain.order;

import java.time.Instant;

/**
 * The payment service took the money.
 *
 * @param id the payment service's own id
 */
public record Payment(String id, Instant at) {}
