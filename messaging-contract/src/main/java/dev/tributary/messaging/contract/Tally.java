package dev.tributary.messaging.contract;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Counts and times what becomes of deliveries, in all topics and groups together. For as few as tests make. */
public final class Tally implements DeliveryMonitor {

  private final Map<Happening, Long> counted = new ConcurrentHashMap<>();
  private final List<Duration> handlerTimes = new CopyOnWriteArrayList<>();
  private final List<Duration> sinceEvents = new CopyOnWriteArrayList<>();

  @Override
  public void happened(Happening what, Topic<?> topic, Group group, long times) {
    counted.merge(what, times, Long::sum);
  }

  @Override
  public void handled(Topic<?> topic, Group group, Duration handlerTime) {
    handlerTimes.add(handlerTime);
  }

  @Override
  public void settled(Topic<?> topic, Group group, Duration sinceEvent) {
    sinceEvents.add(sinceEvent);
  }

  /** What each run of a handler took. */
  List<Duration> handlerTimes() {
    return List.copyOf(handlerTimes);
  }

  /** How old each event was when what a handler made of it was committed. */
  List<Duration> sinceEvents() {
    return List.copyOf(sinceEvents);
  }

  public long of(Happening what) {
    return counted.getOrDefault(what, 0L);
  }
}
