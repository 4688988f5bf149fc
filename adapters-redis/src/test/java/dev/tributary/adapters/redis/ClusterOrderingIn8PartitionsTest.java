package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.OrderingContract;

final class ClusterOrderingIn8PartitionsTest extends OrderingContract {

  @Override
  protected Harness harness() {
    return new RedisClusterHarness(new Partitioning(8));
  }
}
