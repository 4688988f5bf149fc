package dev.tributary.adapters.redis;

import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.IdempotencyContract;

class RedisIdempotencyTest extends IdempotencyContract {

  @Override
  protected Harness harness() {
    return new RedisHarness();
  }
}
