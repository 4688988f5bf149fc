package dev.tributary.adapters.redis;

import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.MessagingContract;

class RedisMessagingTest extends MessagingContract {

  @Override
  protected Harness harness() {
    return new RedisHarness();
  }
}
