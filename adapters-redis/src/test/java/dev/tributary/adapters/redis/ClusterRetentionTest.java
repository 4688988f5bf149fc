package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.RetentionContract;

final class ClusterRetentionTest extends RetentionContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new RedisClusterHarness(partitioning);
  }
}
