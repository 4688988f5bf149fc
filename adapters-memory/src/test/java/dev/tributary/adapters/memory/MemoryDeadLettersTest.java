package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.DeadLettersContract;
import dev.tributary.messaging.contract.Harness;

final class MemoryDeadLettersTest extends DeadLettersContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new MemoryHarness(partitioning);
  }
}
