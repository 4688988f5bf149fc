package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.IdempotencyContract;

final class RedisIdempotencyIn8PartitionsTest extends IdempotencyContract {

  @Override
  protected Harness harness() {
    return new RedisHarness(new Partitioning(8));
  }
}
