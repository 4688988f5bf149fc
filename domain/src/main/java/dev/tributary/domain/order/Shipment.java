package dev.tributary.domain.order;

import java.time.Instant;

/**
 * The shipping service took the parcel.
 *
 * @param trackingNumber the shipping service's own number
 */
public record Shipment(String trackingNumber, Instant at) {}
