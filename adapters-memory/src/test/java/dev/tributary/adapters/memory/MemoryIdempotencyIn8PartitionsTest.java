package dev.tributary.adapters.memory;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.messaging.contract.Harness;
import dev.tributary.messaging.contract.IdempotencyContract;

final class MemoryIdempotencyIn8PartitionsTest extends IdempotencyContract {

  @Override
  protected Harness harness() {
    return new MemoryHarness(new Partitioning(8));
  }
}
