package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.MessagingContract;

final class ClusterMessagingIn8PartitionsTest extends MessagingContract {

  @Override
  protected Harness harness() {
    return new RedisClusterHarness(new Partitioning(8));
  }
}
