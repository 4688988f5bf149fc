package dev.tributary.adapters.memory;

import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.OperationsContract;

class MemoryOperationsTest extends OperationsContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness();
  }
}
