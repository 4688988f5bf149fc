package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.IdempotencyContract;

final class RedisIdempotencyTest extends IdempotencyContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new RedisHarness(partitioning);
  }
}
