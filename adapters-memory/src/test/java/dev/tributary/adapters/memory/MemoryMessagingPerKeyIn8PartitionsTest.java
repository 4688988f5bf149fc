package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.PerKeyMessagingContract;

final class MemoryMessagingPerKeyIn8PartitionsTest extends PerKeyMessagingContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness(new Partitioning(8));
  }
}
