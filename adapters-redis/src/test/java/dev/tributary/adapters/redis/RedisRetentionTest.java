package dev.tributary.adapters.redis;

import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.RetentionContract;

class RedisRetentionTest extends RetentionContract {

  @Override
  protected Harness harness() {
    return new RedisHarness();
  }
}
