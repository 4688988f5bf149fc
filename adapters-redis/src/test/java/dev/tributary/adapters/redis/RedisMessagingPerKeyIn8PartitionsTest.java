package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.PerKeyMessagingContract;

final class RedisMessagingPerKeyIn8PartitionsTest extends PerKeyMessagingContract {

  @Override
  protected Harness harness() {
    return new RedisHarness(new Partitioning(8));
  }
}
