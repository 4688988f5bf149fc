package dev.tributary.faults;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.time.Duration;
import java.util.Arrays;

/** Somebody who may do everything, at one server or a cluster. */
record Admin(AbstractRedisClient client, RedisClusterCommands<String, String> redis) implements AutoCloseable {

  private static final String CLUSTER = "?cluster";
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);

  static Admin at(String url) {
    return url.endsWith(CLUSTER) ? ofCluster(url.substring(0, url.length() - CLUSTER.length())) : ofServer(url);
  }

  private static Admin ofServer(String url) {
    RedisClient client = RedisClient.create(url);
    return new Admin(client, client.connect().sync());
  }

  private static Admin ofCluster(String url) {
    RedisClusterClient client = RedisClusterClient
        .create(Arrays.stream(url.substring("redis://".length()).split(",", -1))
            .map(server -> RedisURI.create("redis://" + server))
            .toList());
    client.setOptions(ClusterClientOptions.builder()
        .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
            .enablePeriodicRefresh(Duration.ofSeconds(1))
            .build())
        .build());
    var connection = client.connect();
    connection.setTimeout(ANSWERED_WITHIN);
    return new Admin(client, connection.sync());
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
