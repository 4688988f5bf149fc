package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.PerKeyMessagingContract;

final class MemoryMessagingPerKeyTest extends PerKeyMessagingContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new MemoryHarness(partitioning);
  }
}
