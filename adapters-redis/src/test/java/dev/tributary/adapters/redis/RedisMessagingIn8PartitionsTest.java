package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.MessagingContract;

final class RedisMessagingIn8PartitionsTest extends MessagingContract {

  @Override
  protected Harness harness() {
    return new RedisHarness(new Partitioning(8));
  }
}
