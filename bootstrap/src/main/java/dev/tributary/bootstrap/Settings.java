package dev.tributary.bootstrap;

import dev.tributary.adapters.gateways.GatewaySettings;
import dev.tributary.adapters.http.HttpSettings;
import dev.tributary.adapters.traces.TraceSettings;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Partitioning;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * How this process is to run.
 *
 * @param redisUrl there if the messaging kind is redis; may hold a password
 * @param orderEvents in which order those of one order are handled
 * @param replicas that must have a commit before it counts; 0: the primary's reply counts
 */
record Settings(String host, int port, MessagingKind messaging, Optional<String> redisUrl, Path dataDir,
    Set<Role> roles,
    GatewaySettings gateways, DeliverySettings deliveries, Retention retention, int replicas,
    Partitioning partitioning, Ordering orderEvents, OpsToken opsToken,
    HttpSettings.Limits limits, TraceSettings traces) {

  /** Without the URL, which may hold a password. */
  @Override
  public String toString() {
    return "Settings[host=" + host + ", port=" + port + ", messaging=" + messaging + ", roles=" + roles + "]";
  }
}
