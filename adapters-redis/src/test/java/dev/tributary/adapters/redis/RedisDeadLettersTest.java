package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.DeadLettersContract;
import dev.tributary.messaging.contract.Harness;

final class RedisDeadLettersTest extends DeadLettersContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new RedisHarness(partitioning);
  }
}
