package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.OrderingContract;

final class MemoryOrderingIn64PartitionsTest extends OrderingContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness(new Partitioning(64));
  }
}
