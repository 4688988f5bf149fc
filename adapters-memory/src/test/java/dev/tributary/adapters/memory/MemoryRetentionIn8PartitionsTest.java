package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.RetentionContract;

final class MemoryRetentionIn8PartitionsTest extends RetentionContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness(new Partitioning(8));
  }
}
