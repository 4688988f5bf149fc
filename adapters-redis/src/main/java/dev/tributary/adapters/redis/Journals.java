package dev.tributary.adapters.redis;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;

/** The journals of all groups: they share the log, and what it bears. */
record Journals(DeliveryMonitor monitor, LogLimit limit) {

  static Journals to(DeliveryMonitor monitor) {
    return new Journals(monitor, new LogLimit());
  }

  Journal of(Topic<?> topic, Group group) {
    return new Journal(topic, group, monitor, limit);
  }
}
