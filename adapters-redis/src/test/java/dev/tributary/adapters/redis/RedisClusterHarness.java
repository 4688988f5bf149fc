package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import java.time.Duration;

/** On the cluster that all tests of this process share. */
final class RedisClusterHarness extends StoreHarness {

  private final TestCluster cluster = TestCluster.shared();
  private RedisClusterClient client = client(cluster);
  private StatefulRedisClusterConnection<String, String> connection = client.connect();

  RedisClusterHarness(Partitioning partitioning) {
    super(partitioning);
    redis().flushall();
  }

  private static RedisClusterClient client(TestCluster cluster) {
    return RedisClusterClient.create(RedisURI.create(cluster.server(0).url()));
  }

  @Override
  RedisAdvancedClusterCommands<String, String> redis() {
    return connection.sync();
  }

  @Override
  RedisAdvancedClusterAsyncCommands<String, String> later() {
    return connection.async();
  }

  @Override
  String url() {
    return cluster.url();
  }

  @Override
  public void restartStore() {
    close();
    cluster.restart();
    client = client(cluster);
    connection = client.connect();
  }

  @Override
  public long connections() {
    return cluster.ours();
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
