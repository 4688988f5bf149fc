package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;

/**
 * How to reach Redis, and how to treat deliveries.
 *
 * @param url {@code redis://[user:pass@]host:port[/db]}, {@code rediss://…} or {@code redis-sentinel://…}
 */
public record RedisSettings(String url, DeliverySettings deliveries) {

  /** Without the URL, which may hold a password. */
  @Override
  public String toString() {
    return "RedisSettings[" + deliveries + "]";
  }
}
