package dev.tributary.adapters.memory;

import dev.tributary.messaging.contract.DeadLettersContract;
import dev.tributary.messaging.contract.Harness;

class MemoryDeadLettersTest extends DeadLettersContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness();
  }
}
