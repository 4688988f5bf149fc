package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Partitioning;
import io.lettuce.core.RedisURI;
import java.util.regex.Pattern;

/**
 * How to reach Redis, how to treat deliveries, how long to keep what is settled, and how topics are divided: with the first start for ever.
 *
 * @param url {@code redis://[user:pass@]host:port[/db]}, {@code rediss://…} or
 *        {@code redis-sentinel://[user:pass@]host[:port][,host…][/db]#master}; user and password are the master's, percent-encoded
 * @param replicas how many must have a publication or a commit before it counts, 0–100; 0: the reply of the primary counts
 */
public record RedisSettings(String url, DeliverySettings deliveries, Retention retention, int replicas,
    Partitioning partitioning) {

  /** A name, or an IP address: Lettuce takes whatever follows a colon and is no port for a part of the host. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f:.%]+\\]?");

  private static final int MOST_REPLICAS = 100;

  /** @throws IllegalArgumentException if the URL is none of these, or the number out of bounds; its message does not show the URL */
  public RedisSettings {
    requireRedisUrl(url);
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

  private static void requireRedisUrl(String url) {
    boolean valid;
    try {
      RedisURI uri = RedisURI.create(url);
      valid = uri.getSentinels().isEmpty()
          ? uri.getHost() != null && HOST.matcher(uri.getHost()).matches()
          : uri.getSentinelMasterId() != null;
    } catch (RuntimeException _) {
      // Lettuce says what is wrong in words that show the password.
      valid = false;
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "must be redis://[user:pass@]host:port[/db], rediss://… or redis-sentinel://…#master");
    }
  }

  /** Without the URL, which may hold a password. */
  @Override
  public String toString() {
    return "RedisSettings[" + deliveries + ", " + retention + ", " + partitioning + "]";
  }
}
