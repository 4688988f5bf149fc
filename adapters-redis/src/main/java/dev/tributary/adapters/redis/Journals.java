package dev.tributary.adapters.redis;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;

/**
 * The journals of all groups. They share the log, and what it bears: with the lines of HTTP, ten a second at most. A flood of one kind hides none of the others.
 *
 * @param deliveries for what becomes of single deliveries
 * @param groups for how groups get on: whether they can read, who left
 * @param losses for what groups have lost: enough for all groups of a process at once
 */
record Journals(DeliveryMonitor monitor, LogLimit deliveries, LogLimit groups, LogLimit losses) {

  static Journals to(DeliveryMonitor monitor) {
    return new Journals(monitor, new LogLimit(3), new LogLimit(2), new LogLimit(4));
  }

  Journal of(Topic<?> topic, Group group) {
    return new Journal(topic, group, this);
  }
}
