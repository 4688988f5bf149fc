package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.PartitionsContract;

final class MemoryPartitionsIn8PartitionsTest extends PartitionsContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness(new Partitioning(8));
  }
}
