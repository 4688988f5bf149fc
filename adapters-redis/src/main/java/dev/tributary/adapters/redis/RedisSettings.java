package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Partitioning;

/**
 * How to reach Redis, how to treat deliveries, how long to keep what is settled, and how topics are divided: with the first start for ever.
 *
 * @param url {@code redis://[user:pass@]host:port[/db]}, {@code rediss://…},
 *        {@code redis-sentinel://[user:pass@]host[:port][,host…][/db]#master} or, of a Redis Cluster,
 *        {@code redis://[user:pass@]host:port[,host:port…]?cluster}; user and password are the master's, percent-encoded
 * @param replicas how many must have a publication or a commit before it counts, 0–100; 0: the reply of the primary counts
 */
public record RedisSettings(String url, DeliverySettings deliveries, Retention retention, int replicas,
    Partitioning partitioning) {

  private static final int MOST_REPLICAS = 100;

  /** @throws IllegalArgumentException if the URL is none of these, or the number out of bounds; its message does not show the URL */
  public RedisSettings {
    var _ = Address.of(url);
    if (replicas < 0 || replicas > MOST_REPLICAS) {
      throw new IllegalArgumentException("replicas must be from 0 to " + MOST_REPLICAS + ": " + replicas);
    }
  }

  /** One partition, and the reply of the primary counts. */
  public RedisSettings(String url, DeliverySettings deliveries, Retention retention) {
    this(url, deliveries, retention, 0);
  }

  /** One partition. */
  public RedisSettings(String url, DeliverySettings deliveries, Retention retention, int replicas) {
    this(url, deliveries, retention, replicas, Partitioning.ONE);
  }

  /** Without the URL, which may hold a password. */
  @Override
  public String toString() {
    return "RedisSettings[" + deliveries + ", " + retention + ", " + partitioning + "]";
  }
}
