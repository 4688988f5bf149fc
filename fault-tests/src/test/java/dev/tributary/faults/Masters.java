package dev.tributary.faults;

import dev.tributary.redisserver.RedisCluster;
import java.io.IOException;
import java.util.stream.IntStream;

/** A cluster's masters, in turn: of each third of its slots the one that has them now. For one thread. */
final class Masters {

  private final RedisCluster cluster;
  private int next;

  Masters(RedisCluster cluster) {
    this.cluster = cluster;
  }

  /** Kills one, and starts it again when its replica has taken over. */
  void killNext() throws IOException, InterruptedException {
    int slot = slots().skip(next++ % RedisCluster.MASTERS).findFirst().orElseThrow();
    kill(slot);
  }

  private static IntStream slots() {
    return IntStream.range(0, RedisCluster.MASTERS).map(third -> third * RedisCluster.SLOTS / RedisCluster.MASTERS);
  }

  void kill(int slot) throws IOException, InterruptedException {
    int victim = cluster.master(slot).orElseThrow();
    cluster.server(victim).kill();
    var _ = cluster.awaitSuccessor(slot, victim);
    cluster.start(victim);
    awaitReplica(victim);
  }

  /** All is well, and a node that was a master is none any more. */
  void awaitReplica(int node) throws IOException, InterruptedException {
    cluster.awaitWell();
    if (cluster.isMaster(node)) {
      throw new IllegalStateException("node " + node + " is a master again");
    }
  }
}
