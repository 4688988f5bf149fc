package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.DeadLettersContract;
import dev.tributary.messaging.contract.Harness;

final class ClusterDeadLettersTest extends DeadLettersContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new RedisClusterHarness(partitioning);
  }
}
