package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.PartitionsContract;

final class ClusterPartitionsIn8PartitionsTest extends PartitionsContract {

  @Override
  protected Harness harness() {
    return new RedisClusterHarness(new Partitioning(8));
  }
}
