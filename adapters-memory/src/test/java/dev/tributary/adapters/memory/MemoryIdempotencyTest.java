package dev.tributary.adapters.memory;

import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.IdempotencyContract;

class MemoryIdempotencyTest extends IdempotencyContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness();
  }
}
