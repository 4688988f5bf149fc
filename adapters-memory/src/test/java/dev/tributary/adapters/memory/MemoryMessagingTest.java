package dev.tributary.adapters.memory;

import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.MessagingContract;

class MemoryMessagingTest extends MessagingContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness();
  }
}
