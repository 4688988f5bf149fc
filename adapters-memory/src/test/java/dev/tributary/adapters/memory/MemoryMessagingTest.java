package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.MessagingContract;

final class MemoryMessagingTest extends MessagingContract {

  @Override
  protected Harness harness(Partitioning partitioning) {
    return new MemoryHarness(partitioning);
  }
}
