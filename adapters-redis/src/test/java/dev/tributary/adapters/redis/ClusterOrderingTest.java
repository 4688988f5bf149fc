package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.OrderingContract;

final class ClusterOrderingTest extends OrderingContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new RedisClusterHarness(partitioning);
  }
}
