package dev.tributary.domain.order;

import java.time.Instant;

/**
 * The payment service declined.
 *
 * @param code the payment service's own reason
 */
public record Decline(String code, Instant at) {}
