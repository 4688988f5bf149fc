package dev.tributary.adapters.memory;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Partitioning;
import java.time.InstantSource;

/**
 * How to treat deliveries; the same rules as on a real server, but that a consumer that is alive never loses its lease.
 *
 * @param clock what leases, retries, time limits and ages are timed by; tests move it
 * @param partitioning of every topic
 * @param retention the log of a topic lets go what has aged while somebody subscribes to the topic
 */
public record MemorySettings(InstantSource clock, DeliverySettings deliveries, Retention retention,
    Partitioning partitioning) {

  /** By the system's clock, everything else as the product has it by default. */
  public static MemorySettings defaults() {
    return new MemorySettings(InstantSource.system(), DeliverySettings.DEFAULTS, Retention.DEFAULT,
        Partitioning.ONE);
  }
}
