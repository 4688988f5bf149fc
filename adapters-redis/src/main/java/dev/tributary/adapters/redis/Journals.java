package dev.tributary.adapters.redis;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;

/**
 * The journals of all groups: they share the log, and what it bears.
 *
 * @param often for what happens to single deliveries
 * @param seldom for what happens to a group: no flood of the other lines may hide it
 */
record Journals(DeliveryMonitor monitor, LogLimit often, LogLimit seldom) {

  static Journals to(DeliveryMonitor monitor) {
    return new Journals(monitor, new LogLimit(), new LogLimit());
  }

  Journal of(Topic<?> topic, Group group) {
    return new Journal(topic, group, monitor, often, seldom);
  }
}
