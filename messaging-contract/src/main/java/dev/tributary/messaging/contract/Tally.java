package dev.tributary.messaging.contract;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what becomes of deliveries, in all topics and groups together. */
public final class Tally implements DeliveryMonitor {

  private final Map<Happening, Long> counted = new ConcurrentHashMap<>();

  @Override
  public void happened(Happening what, Topic<?> topic, Group group, long times) {
    counted.merge(what, times, Long::sum);
  }

  public long of(Happening what) {
    return counted.getOrDefault(what, 0L);
  }
}
