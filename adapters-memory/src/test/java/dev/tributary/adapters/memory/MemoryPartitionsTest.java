package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.PartitionsContract;

final class MemoryPartitionsTest extends PartitionsContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new MemoryHarness(partitioning);
  }
}
