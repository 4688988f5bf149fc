package dev.tributary.adapters.redis;

import static org.awaitility.Awaitility.await;

import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three masters with a replica each, on loopback. What is tested has no more rights there than {@code ops/redis/users.acl} gives it. */
final class TestCluster implements AutoCloseable {

  static final int MASTERS = 3;
  private static final int SLOTS = 16384;
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final List<RedisServerSettings> settings = new ArrayList<>();
  private final List<RedisServer> servers = new ArrayList<>();

  TestCluster(Path folder) throws IOException, InterruptedException {
    Path users = Files.write(folder.resolve("users.acl"),
        ShippedUsers.lines().stream().filter(line -> !line.startsWith("user default ")).toList());
    for (int i = 0; i < 2 * MASTERS; i++) {
      settings.add(settings(folder.resolve("node" + i), users));
      servers.add(RedisServer.start(settings.get(i)));
    }
    for (int i = 0; i < MASTERS; i++) {
      cluster(i, "ADDSLOTSRANGE", Integer.toString(i * SLOTS / MASTERS),
          Integer.toString((i + 1) * SLOTS / MASTERS - 1));
    }
    for (RedisServer other : servers.subList(1, servers.size())) {
      cluster(0, "MEET", "127.0.0.1", Integer.toString(other.port()), Integer.toString(bus(other.port())));
    }
    await().atMost(READY_WITHIN).until(() -> servers.stream().allMatch(server -> knows(server, servers.size())));
    for (int i = 0; i < MASTERS; i++) {
      cluster(MASTERS + i, "REPLICATE", id(i));
    }
    awaitWell();
  }

  private void awaitWell() {
    await().atMost(READY_WITHIN).until(() -> servers.stream().allMatch(TestCluster::isWell));
    await().atMost(READY_WITHIN)
        .until(() -> servers.stream().allMatch(server -> ask(server, TestCluster::isReplicated)));
  }

  private static boolean isReplicated(Raw raw) {
    String info = raw.redis().info("replication");
    return info.contains(info.contains("role:master") ? "state=online" : "master_link_status:up");
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

  /** The bus's usual port, 10,000 above, may not exist. */
  private static int bus(int port) {
    return port > 32767 ? port - 10_000 : port + 10_000;
  }

  private static RedisServerSettings settings(Path directory, Path users) throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    return RedisServerSettings.in(directory)
        .onPort(port)
        .withOptions("--aclfile", users.toString(), "--cluster-enabled", "yes", "--cluster-node-timeout", "2000",
            "--cluster-port", Integer.toString(bus(port)), "--cluster-require-full-coverage", "no",
            "--repl-diskless-sync-delay", "0");
  }

  private static boolean knows(RedisServer server, int nodes) {
    return ask(server, raw -> raw.redis().clusterInfo().contains("cluster_known_nodes:" + nodes));
  }

  private static boolean isWell(RedisServer server) {
    return ask(server, raw -> raw.redis().clusterInfo().contains("cluster_state:ok")
        && raw.redis().clusterNodes().lines().filter(line -> line.contains("slave")).count() == MASTERS);
  }

  private static <T> T ask(RedisServer server, Function<Raw, T> question) {
    try (var raw = new Raw(server.url())) {
      return question.apply(raw);
    }
  }

  void cluster(int node, String... words) {
    try (var raw = new Raw(servers.get(node).url())) {
      var arguments = new CommandArgs<>(StringCodec.UTF8);
      List.of(words).forEach(arguments::add);
      raw.redis().dispatch(CommandType.CLUSTER, new StatusOutput<>(StringCodec.UTF8), arguments);
    }
  }

  String id(int node) {
    return ask(servers.get(node), raw -> raw.redis().clusterMyId());
  }

  void start(int node) throws IOException, InterruptedException {
    servers.set(node, RedisServer.start(settings.get(node)));
  }

  /** All nodes at once, so that no replica takes over. */
  void restart() {
    try {
      for (RedisServer server : servers) {
        server.kill();
      }
      for (int i = 0; i < servers.size(); i++) {
        start(i);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    awaitWell();
  }

  /** Connections that call themselves ours, at all nodes. */
  long ours() {
    return servers.stream().mapToLong(server -> ask(server, Raw::ours)).sum();
  }

  /** Brings a slot from one master to another, key by key, as resharding tools do. */
  void move(int slot, int from, int to) {
    String number = Integer.toString(slot);
    cluster(to, "SETSLOT", number, "IMPORTING", id(from));
    cluster(from, "SETSLOT", number, "MIGRATING", id(to));
    try (var raw = new Raw(servers.get(from).url())) {
      List<String> keys = raw.redis().clusterGetKeysInSlot(slot, 1);
      while (!keys.isEmpty()) {
        raw.redis().migrate("127.0.0.1", servers.get(to).port(), keys.getFirst(), 0, 5000);
        keys = raw.redis().clusterGetKeysInSlot(slot, 1);
      }
    }
    // Its new master first.
    cluster(to, "SETSLOT", number, "NODE", id(to));
    for (int i = 0; i < MASTERS; i++) {
      cluster(i, "SETSLOT", number, "NODE", id(to));
    }
  }

  /** The master that has a slot when the cluster is new. */
  static int master(int slot) {
    return IntStream.range(0, MASTERS).filter(i -> slot < (i + 1) * SLOTS / MASTERS).findFirst().orElseThrow();
  }

  boolean isMaster(int node) {
    return ask(servers.get(node), raw -> raw.redis().info("replication").contains("role:master"));
  }

  RedisServer server(int node) {
    return servers.get(node);
  }

  /** For the product. */
  String url() {
    return ShippedUsers.as(ShippedUsers.NAME, "redis://" + servers.stream()
        .map(server -> "127.0.0.1:" + server.port())
        .collect(Collectors.joining(",")) + "?cluster");
  }

  @Override
  public void close() {
    servers.forEach(RedisServer::close);
  }
}
