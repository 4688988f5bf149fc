package dev.tributary.redisserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Redis Cluster of servers of our own, on loopback, that tests may break: some masters with a replica each. Nodes are numbered from 0; at first
 * the masters come first, and node i is replicated by node i + {@link #MASTERS}. For one thread.
 */
public final class RedisCluster implements AutoCloseable {

  public static final int MASTERS = 3;
  public static final int SLOTS = 16384;

  private static final Duration WELL_WITHIN = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(50);
  /** Keys that go to another node together, as redis-cli has it. */
  private static final String TOGETHER = "10";
  private static final int NOBODY = -1;
  private static final int STARTS = 5;

  private final List<RedisServerSettings> settings = new ArrayList<>();
  private final List<RedisServer> servers = new ArrayList<>();

  private RedisCluster() {}

  /**
   * Blocks until all of it is well.
   *
   * @param nodeTimeout after which a node that does not answer is held for dead; the cluster is slow to make up its mind, by about as much again
   * @param options further ones of each redis-server
   * @throws IOException if a server does not start, or the cluster is not well within two minutes
   */
  public static RedisCluster start(Path folder, Duration nodeTimeout, String... options)
      throws IOException, InterruptedException {
    var cluster = new RedisCluster();
    try {
      for (int i = 0; i < 2 * MASTERS; i++) {
        cluster.add(folder.resolve("node" + i), nodeTimeout, options);
      }
      cluster.join();
      return cluster;
    } catch (IOException | InterruptedException e) {
      cluster.close();
      throw e;
    }
  }

  /** On other ports if somebody else took one of them before the node did. */
  private void add(Path directory, Duration nodeTimeout, String... options) throws IOException, InterruptedException {
    for (int start = 1;; start++) {
      RedisServerSettings chosen = settings(directory, nodeTimeout, options);
      try {
        servers.add(RedisServer.start(chosen));
        settings.add(chosen);
        return;
      } catch (IOException e) {
        if (start == STARTS) {
          throw e;
        }
      }
    }
  }

  private static RedisServerSettings settings(Path directory, Duration nodeTimeout, String... options)
      throws IOException {
    int port = freePort();
    List<String> all = new ArrayList<>(List.of("--cluster-enabled", "yes", "--cluster-node-timeout",
        Long.toString(nodeTimeout.toMillis()), "--cluster-port", Integer.toString(bus(port)),
        "--cluster-require-full-coverage", "no", "--repl-diskless-sync-delay", "0"));
    all.addAll(Arrays.asList(options));
    return RedisServerSettings.in(directory).onPort(port).withOptions(all.toArray(String[]::new));
  }

  /** One whose bus is free too. Nodes that have started have theirs. */
  private static int freePort() throws IOException {
    int port = RedisServer.freePort();
    while (!isFree(bus(port))) {
      port = RedisServer.freePort();
    }
    return port;
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** The bus's usual port, 10,000 above, may not exist. */
  private static int bus(int port) {
    return port > 32767 ? port - 10_000 : port + 10_000;
  }

  private void join() throws IOException, InterruptedException {
    for (int i = 0; i < MASTERS; i++) {
      ask(i, "CLUSTER", "ADDSLOTSRANGE", Integer.toString(i * SLOTS / MASTERS),
          Integer.toString((i + 1) * SLOTS / MASTERS - 1));
    }
    for (RedisServer other : servers.subList(1, servers.size())) {
      ask(0, "CLUSTER", "MEET", "127.0.0.1", Integer.toString(other.port()), Integer.toString(bus(other.port())));
    }
    await("all know each other", () -> {
      for (RedisServer server : servers) {
        if (server.ask("CLUSTER", "NODES").lines().filter(line -> !line.contains("handshake")).count() < servers
            .size()) {
          return false;
        }
      }
      return true;
    });
    for (int i = 0; i < MASTERS; i++) {
      ask(MASTERS + i, "CLUSTER", "REPLICATE", id(i));
    }
    awaitWell();
  }

  public int nodes() {
    return servers.size();
  }

  public RedisServer server(int node) {
    return servers.get(node);
  }

  /** As the default user. */
  public String ask(int node, String... words) throws IOException {
    return servers.get(node).ask(words);
  }

  public String id(int node) throws IOException {
    return ask(node, "CLUSTER", "MYID");
  }

  public boolean isMaster(int node) throws IOException {
    return ask(node, "INFO", "replication").contains("role:master");
  }

  /** The node that replicates another. */
  public int replica(int master) throws IOException {
    String id = id(master);
    Set<String> replicas = ask(master, "CLUSTER", "NODES").lines()
        .map(line -> line.split(" ", -1))
        .filter(words -> words[3].equals(id))
        .map(words -> words[0])
        .collect(Collectors.toSet());
    for (int node = 0; node < servers.size(); node++) {
      if (replicas.contains(id(node))) {
        return node;
      }
    }
    throw new IOException("node " + master + " has no replica");
  }

  /** Starts one again that was killed or closed, with its data. */
  public void start(int node) throws IOException, InterruptedException {
    servers.set(node, RedisServer.start(settings.get(node)));
  }

  /** All nodes at once, so that no replica takes over. */
  public void restart() throws IOException, InterruptedException {
    for (RedisServer server : servers) {
      server.kill();
    }
    for (int i = 0; i < servers.size(); i++) {
      start(i);
    }
    awaitWell();
  }

  /** The node that says of itself that a slot is its own: of two, after a failover that one of them has not heard of, any. */
  public OptionalInt master(int slot) {
    return master(slot, NOBODY);
  }

  private OptionalInt master(int slot, int except) {
    return IntStream.range(0, servers.size()).filter(node -> node != except && claims(node, slot)).findFirst();
  }

  private boolean claims(int node, int slot) {
    try {
      return ask(node, "CLUSTER", "NODES").lines()
          .filter(line -> line.contains("myself,master"))
          .flatMap(RedisCluster::ranges)
          .anyMatch(range -> range[0] <= slot && slot <= range[range.length - 1]);
    } catch (IOException _) {
      return false;
    }
  }

  /** Those slots that it has for good. */
  private static Stream<int[]> ranges(String line) {
    return Arrays.stream(line.split(" ", -1))
        .skip(8)
        .filter(word -> !word.startsWith("["))
        .map(range -> Arrays.stream(range.split("-", -1)).mapToInt(Integer::parseInt).toArray());
  }

  /** Blocks until another node has taken a slot over. */
  public int awaitSuccessor(int slot, int predecessor) throws IOException, InterruptedException {
    await("a successor of node " + predecessor, () -> master(slot, predecessor).isPresent());
    return master(slot, predecessor).orElse(predecessor);
  }

  /** Brings a slot from one master to another, some keys at a time, as resharding tools do. */
  public void move(int slot, int from, int to) throws IOException {
    String number = Integer.toString(slot);
    ask(to, "CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
    ask(from, "CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
    for (List<String> keys = keys(from, number); !keys.isEmpty(); keys = keys(from, number)) {
      Stream<String> command = Stream.of("MIGRATE", "127.0.0.1", Integer.toString(servers.get(to).port()), "", "0",
          "5000", "KEYS");
      ask(from, Stream.concat(command, keys.stream()).toArray(String[]::new));
    }
    // Its new master first.
    ask(to, "CLUSTER", "SETSLOT", number, "NODE", id(to));
    for (int node = 0; node < servers.size(); node++) {
      if (isMaster(node)) {
        ask(node, "CLUSTER", "SETSLOT", number, "NODE", id(to));
      }
    }
  }

  private List<String> keys(int node, String slot) throws IOException {
    return ask(node, "CLUSTER", "GETKEYSINSLOT", slot, TOGETHER).lines().toList();
  }

  /** Blocks until all nodes serve, agree on who has what, and every replica is in touch with its master. */
  public void awaitWell() throws IOException, InterruptedException {
    await("all are well", this::isWell);
  }

  private boolean isWell() throws IOException {
    for (int node = 0; node < servers.size(); node++) {
      String replication = ask(node, "INFO", "replication");
      if (!ask(node, "CLUSTER", "INFO").contains("cluster_state:ok")
          || !replication.contains(replication.contains("role:master") ? "state=online" : "master_link_status:up")) {
        return false;
      }
    }
    Set<String> view = view(0);
    if (view.stream().anyMatch(line -> line.contains("fail") || line.contains("handshake"))
        || view.stream().filter(line -> line.contains("slave")).count() != MASTERS) {
      return false;
    }
    for (int node = 1; node < servers.size(); node++) {
      if (!view(node).equals(view)) {
        return false;
      }
    }
    return true;
  }

  /** For each node that one knows: id, flags, its master, its slots. */
  private Set<String> view(int node) throws IOException {
    return ask(node, "CLUSTER", "NODES").lines().map(line -> {
      String[] words = line.split(" ", -1);
      Stream<String> slots = Arrays.stream(words).skip(8);
      return Stream.concat(Stream.of(words[0], words[2].replace("myself,", ""), words[3]), slots)
          .collect(Collectors.joining(" "));
    }).collect(Collectors.toSet());
  }

  /** Whoever does not answer is not there yet. */
  private void await(String what, Callable<Boolean> condition) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + WELL_WITHIN.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("not within " + WELL_WITHIN + ": " + what + "\n" + nodes(0) + nodes(1));
      }
      Thread.sleep(POLL);
    }
  }

  private static boolean holds(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (Exception _) {
      return false;
    }
  }

  private String nodes(int node) {
    try {
      return ask(node, "CLUSTER", "NODES");
    } catch (IOException e) {
      return "node " + node + ": " + e.getMessage() + "\n";
    }
  }

  /** Without a user. */
  public String url() {
    return servers.stream()
        .map(server -> "127.0.0.1:" + server.port())
        .collect(Collectors.joining(",", "redis://", "?cluster"));
  }

  @Override
  public void close() {
    servers.forEach(RedisServer::close);
  }
}
