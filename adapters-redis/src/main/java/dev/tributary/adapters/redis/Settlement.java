package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Work;
import java.util.Collections;
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
    long fence = settlements.getFirst().lease.fence();
    List<Settlement> others = settlements.stream().filter(settlement -> !settlement.isPlain(fence)).toList();
    List<EntryId> ids = settlements.stream().map(settlement -> EntryId.parse(settlement.lease.entryId())).toList();
    var call = new Call.Builder(Script.SETTLE, settlements.size(), keys.stream(), keys.handled(group),
        keys.lease(group), keys.retry(group), keys.due(group));
    call.number(others.size()).large(fence);
    settlements.forEach(settlement -> call.flag(!settlement.isPlain(fence)));
    call.text(group.name()).text(consumer);
    call.text(Collections.min(ids).toString()).text(Collections.max(ids).toString());
    settlements.forEach(settlement -> call.text(settlement.lease.entryId()));
    others.forEach(settlement -> call.text(settlement.cause.map(UUID::toString).orElse("")));
    others.forEach(settlement -> settlement.add(call));
    return call.build();
  }

  /** Whether nothing is to be done but to acknowledge what was delivered once. */
  private boolean isPlain(long ofFence) {
    return cause.isEmpty() && lease.deliveries() == 1 && lease.fence() == ofFence && !noted && work.isNone();
  }

  private void add(Call.Builder call) {
    call.large(lease.deliveries()).large(lease.fence()).flag(noted).counts(work).work(work);
  }
}
