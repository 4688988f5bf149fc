package dev.tributary.faults;

import static org.awaitility.Awaitility.await;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.redisserver.RedisCluster;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What happens to a Redis Cluster, one thing after the other, each when the cluster is whole again and orders are confirmed: masters are killed, or
 * hang until another has taken over and then come back, slots move, and all nodes are restarted in turn.
 */
final class ClusterStorm {

  /**
   * How much of it.
   *
   * @param moves of one slot each
   * @param rounds of restarts of all nodes
   * @param orders confirmed between two faults, at least
   */
  record Strength(int kills, int hangs, int moves, int rounds, int orders) {

    static final Strength SHORT = new Strength(1, 1, 1, 1, 30);
    static final Strength LONG = new Strength(5, 2, 6, 2, 300);
    static final Strength NONE = new Strength(0, 0, 0, 0, 30);
    static final Strength LONG_AFTER_LOSSES = new Strength(1, 2, 2, 1, 100);
  }

  static final int PARTITIONS = 8;
  private static final Partitioning PARTITIONING = new Partitioning(PARTITIONS);
  static final Duration NODE_TIMEOUT = Duration.ofMillis(1500);
  private static final Duration HANGS_FOR = Duration.ofSeconds(6);
  private static final Duration FLOWS_WITHIN = Duration.ofMinutes(2);

  private final RedisCluster cluster;
  private final Masters masters;
  private final Customers customers;
  private final Strength strength;
  private final Random random;
  /** A slot with orders for each of the masters that were there at first. */
  private final List<Integer> slots;
  private int struck;
  private int failovers;

  ClusterStorm(RedisCluster cluster, Customers customers, long seed, Strength strength) {
    this.cluster = cluster;
    this.masters = new Masters(cluster);
    this.customers = customers;
    this.strength = strength;
    this.random = new Random(seed);
    this.slots = new ArrayList<>(slotOfEachMaster(cluster));
    Collections.shuffle(slots, random);
  }

  private static List<Integer> slotOfEachMaster(RedisCluster cluster) {
    List<Integer> all = IntStream.range(0, PARTITIONS).map(ClusterStorm::slot).boxed().toList();
    List<Integer> masters = all.stream().map(slot -> cluster.master(slot).orElseThrow()).toList();
    List<Integer> firsts = masters.stream().distinct().map(master -> all.get(masters.indexOf(master))).toList();
    if (firsts.size() != RedisCluster.MASTERS) {
      throw new IllegalStateException("a master has no partition: " + masters);
    }
    return firsts;
  }

  static int slot(int partition) {
    return SlotHash.getSlot("order-events." + partition);
  }

  /** Blocks until all has happened, the cluster is whole, and orders are confirmed. */
  void rage() throws Exception {
    for (int i = 0; i < strength.kills(); i++) {
      untilOrdersFlow();
      masters.kill(nextSlot());
      failovers++;
    }
    for (int i = 0; i < strength.hangs(); i++) {
      untilOrdersFlow();
      hang(nextSlot());
    }
    for (int i = 0; i < strength.moves(); i++) {
      untilOrdersFlow();
      move(random.nextInt(PARTITIONS));
    }
    for (int i = 0; i < strength.rounds(); i++) {
      restartInTurn();
    }
    untilOrdersFlow();
  }

  private int nextSlot() {
    return slots.get(struck++ % slots.size());
  }

  void untilOrdersFlow() {
    int before = customers.confirmed();
    await("orders that are confirmed").atMost(FLOWS_WITHIN)
        .until(() -> customers.confirmed() >= before + strength.orders());
  }

  /** Comes back as a master of old, to whom nobody has told anything. */
  private void hang(int slot) throws IOException, InterruptedException {
    int victim = cluster.master(slot).orElseThrow();
    long from = System.nanoTime();
    cluster.server(victim).hang();
    var _ = cluster.awaitSuccessor(slot, victim);
    failovers++;
    Duration left = HANGS_FOR.minusNanos(System.nanoTime() - from);
    if (left.isPositive()) {
      Thread.sleep(left);
    }
    cluster.server(victim).goOn();
    masters.awaitReplica(victim);
  }

  private void move(int partition) throws IOException, InterruptedException {
    int slot = slot(partition);
    int from = cluster.master(slot).orElseThrow();
    List<Integer> others = new ArrayList<>();
    for (int node = 0; node < cluster.nodes(); node++) {
      if (node != from && cluster.isMaster(node)) {
        others.add(node);
      }
    }
    int to = others.get(random.nextInt(others.size()));
    cluster.move(slot, from, to);
    cluster.awaitWell();
    if (cluster.master(slot).orElseThrow() != to) {
      throw new IllegalStateException("slot " + slot + " did not move");
    }
  }

  private void restartInTurn() throws IOException, InterruptedException {
    for (int node = 0; node < cluster.nodes(); node++) {
      untilOrdersFlow();
      cluster.server(node).close();
      cluster.start(node);
      cluster.awaitWell();
    }
  }

  /**
   * From now on the replica of the next master hears nothing of it.
   *
   * @return the slot that stands for that master
   */
  int cutOff() throws IOException {
    int slot = nextSlot();
    int master = cluster.master(slot).orElseThrow();
    int replica = cluster.replica(master);
    cluster.ask(replica, "CONFIG", "SET", "masteruser", "nobody");
    cluster.ask(replica, "CONFIG", "SET", "masterauth", "nothing");
    cluster.ask(master, "CLIENT", "KILL", "TYPE", "REPLICA");
    return slot;
  }

  /** A node that was cut off hears of its master again. */
  static void letIn(RedisCluster cluster, int node) throws IOException {
    cluster.ask(node, "CONFIG", "SET", "masteruser", "");
    cluster.ask(node, "CONFIG", "SET", "masterauth", "");
  }

  /** Kills a master whose replica was cut off, when there are orders that only it has. */
  void killAlone(int slot) throws IOException, InterruptedException {
    int victim = cluster.master(slot).orElseThrow();
    untilConfirmedAt(victim);
    cluster.server(victim).kill();
    int replica = cluster.awaitSuccessor(slot, victim);
    failovers++;
    letIn(cluster, replica);
    cluster.start(victim);
    masters.awaitReplica(victim);
  }

  /** Of the partitions that a master has, a tenth of what there is between two faults. */
  private void untilConfirmedAt(int master) {
    Set<Integer> partitions = IntStream.range(0, PARTITIONS)
        .filter(partition -> cluster.master(slot(partition)).orElseThrow() == master)
        .boxed()
        .collect(Collectors.toSet());
    Set<String> before = customers.orders();
    await("orders that one master has").atMost(FLOWS_WITHIN)
        .until(() -> customers.orders()
            .stream()
            .filter(order -> !before.contains(order) && partitions.contains(PARTITIONING.of(order)))
            .count() >= strength.orders() / 10);
  }

  /** How often a replica became a master. */
  int failovers() {
    return failovers;
  }

  @Override
  public String toString() {
    return strength.kills() + " SIGKILL and " + strength.hangs() + " SIGSTOP of masters, " + strength.moves()
        + " slots moved, " + strength.rounds() + " rolling restarts";
  }
}
