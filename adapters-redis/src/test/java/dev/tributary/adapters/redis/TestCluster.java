package dev.tributary.adapters.redis;

import dev.tributary.redisserver.RedisCluster;
import dev.tributary.redisserver.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;

/** Three masters with a replica each. What is tested has no more rights there than {@code ops/redis/users.acl} gives it. */
final class TestCluster implements AutoCloseable {

  static final int MASTERS = RedisCluster.MASTERS;
  private static final Duration NODE_TIMEOUT = Duration.ofSeconds(2);

  private final RedisCluster cluster;

  TestCluster(Path folder) throws IOException, InterruptedException {
    Path users = Files.write(folder.resolve("users.acl"),
        ShippedUsers.lines().stream().filter(line -> !line.startsWith("user default ")).toList());
    cluster = RedisCluster.start(folder, NODE_TIMEOUT, "--aclfile", users.toString());
  }

  /** The one that all tests of contracts share: started once for this process, and stopped with it. */
  static TestCluster shared() {
    return Shared.INSTANCE;
  }

  private static final class Shared {

    private static final TestCluster INSTANCE = started();

    private Shared() {}

    private static TestCluster started() {
      try {
        return new TestCluster(Files.createTempDirectory("tributary-cluster"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  void cluster(int node, String... words) throws IOException {
    String[] command = new String[words.length + 1];
    command[0] = "CLUSTER";
    System.arraycopy(words, 0, command, 1, words.length);
    var _ = cluster.ask(node, command);
  }

  String id(int node) throws IOException {
    return cluster.id(node);
  }

  void start(int node) throws IOException, InterruptedException {
    cluster.start(node);
  }

  /** All nodes at once, so that no replica takes over. */
  void restart() {
    try {
      cluster.restart();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Connections that call themselves ours, at all nodes. */
  long ours() {
    return IntStream.range(0, cluster.nodes()).mapToLong(node -> {
      try (var raw = new Raw(server(node).url())) {
        return raw.ours();
      }
    }).sum();
  }

  void move(int slot, int from, int to) throws IOException {
    cluster.move(slot, from, to);
  }

  /** The master that has a slot when the cluster is new. */
  static int master(int slot) {
    return IntStream.range(0, MASTERS)
        .filter(i -> slot < (i + 1) * RedisCluster.SLOTS / MASTERS)
        .findFirst()
        .orElseThrow();
  }

  boolean isMaster(int node) throws IOException {
    return cluster.isMaster(node);
  }

  RedisServer server(int node) {
    return cluster.server(node);
  }

  /** For the product. */
  String url() {
    return ShippedUsers.as(ShippedUsers.NAME, cluster.url());
  }

  @Override
  public void close() {
    cluster.close();
  }
}
