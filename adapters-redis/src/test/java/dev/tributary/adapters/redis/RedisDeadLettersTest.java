package dev.tributary.adapters.redis;

import dev.tributary.messaging.contract.DeadLettersContract;
import dev.tributary.messaging.contract.Harness;

class RedisDeadLettersTest extends DeadLettersContract {

  @Override
  protected Harness harness() {
    return new RedisHarness();
  }
}
