package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Work;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The end of a delivery on its way to {@code settle.lua}.
 *
 * @param noted whether something beside the pending list may tell of it
 * @param cause the event's id; empty where nothing has to be remembered
 */
record Settlement(Lease lease, boolean noted, Optional<UUID> cause, WorkBytes work) {

  static Settlement of(Keys keys, Delivered delivered, Optional<UUID> cause, Work work) {
    return new Settlement(delivered.lease(), delivered.noted(), cause, WorkBytes.of(keys, work));
  }

  static Call call(Keys keys, Group group, String consumer, List<Settlement> settlements) {
    var call = new Call.Builder(Script.SETTLE, settlements.size(), keys.stream(), keys.handled(group),
        keys.lease(group),
        keys.retry(group), keys.due(group));
    call.text(group.name()).text(consumer);
    settlements.forEach(settlement -> call.text(settlement.lease().entryId()));
    settlements.forEach(settlement -> call.text(settlement.cause().map(UUID::toString).orElse("")));
    settlements.forEach(settlement -> settlement.add(call));
    return call.build();
  }

  private void add(Call.Builder call) {
    call.large(lease.deliveries()).large(lease.fence()).flag(noted).counts(work).work(work);
  }
}
