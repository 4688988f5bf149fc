package dev.tributary.adapters.memory;

import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.RetentionContract;

class MemoryRetentionTest extends RetentionContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness();
  }
}
