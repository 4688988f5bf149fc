package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.RetentionContract;

final class RedisRetentionTest extends RetentionContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new RedisHarness(partitioning);
  }
}
