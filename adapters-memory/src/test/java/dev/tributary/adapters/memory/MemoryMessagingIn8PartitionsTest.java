package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.MessagingContract;

final class MemoryMessagingIn8PartitionsTest extends MessagingContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness(new Partitioning(8));
  }
}
