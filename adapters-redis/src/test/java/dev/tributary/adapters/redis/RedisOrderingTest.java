package dev.tributary.adapters.redis;

import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.OrderingContract;

final class RedisOrderingTest extends OrderingContract {

  @Override
  protected Harness harness() {
    return new RedisHarness();
  }
}
