package dev.tributary.adapters.memory;

import dev.tributary.application.DeliverySettings;
import java.time.InstantSource;

/**
 * How to treat deliveries; the same rules as on a real server, but that a consumer that is alive never loses its lease.
 *
 * @param clock what leases and retries are timed by; tests move it
 */
public record MemorySettings(InstantSource clock, DeliverySettings deliveries) {

  /** By the system's clock, everything else as the product has it by default. */
  public static MemorySettings defaults() {
    return new MemorySettings(InstantSource.system(), DeliverySettings.DEFAULTS);
  }
}
