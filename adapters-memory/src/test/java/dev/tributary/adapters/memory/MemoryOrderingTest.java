package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.OrderingContract;

final class MemoryOrderingTest extends OrderingContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new MemoryHarness(partitioning);
  }
}
