package dev.tributary.adapters.metrics;

import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What became of deliveries, by stream and group. A group shows all its counters as soon as it shows one. */
final class DeliveryMeters {

  private record Which(String stream, String group) {}

  private record Meters(Map<Happening, Counter> outcomes, Timer handler, Timer endToEnd) {}

  private final MeterRegistry registry;
  private final Map<Which, Meters> groups = new ConcurrentHashMap<>();

  DeliveryMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void expect(Topic<?> topic, Group group) {
    var _ = of(topic, group);
  }

  void happened(Happening what, Topic<?> topic, Group group, long times) {
    Counter counter = of(topic, group).outcomes().get(what);
    if (counter != null) {
      counter.increment((double) times);
    }
  }

  void handled(Topic<?> topic, Group group, Duration handlerTime) {
    Timers.record(of(topic, group).handler(), handlerTime);
  }

  void settled(Topic<?> topic, Group group, Duration sinceEvent) {
    Timers.record(of(topic, group).endToEnd(), sinceEvent);
  }

  private Meters of(Topic<?> topic, Group group) {
    return groups.computeIfAbsent(new Which(topic.name(), group.name()), this::register);
  }

  private Meters register(Which which) {
    Tags tags = Tags.of("stream", which.stream(), "group", which.group());
    return new Meters(outcomes(tags),
        Timers.named("tributary.handler")
            .description("How long a handler ran, each run for itself")
            .tags(tags)
            .register(registry),
        Timers.named("tributary.end.to.end")
            .description("From an event's own time until its work was committed")
            .tags(tags)
            .register(registry));
  }

  private Map<Happening, Counter> outcomes(Tags tags) {
    var counters = new EnumMap<Happening, Counter>(Happening.class);
    for (Happening what : Happening.values()) {
      counters.put(what,
          Counter.builder("tributary.deliveries")
              .description("What became of deliveries")
              .tags(tags.and("outcome", what.name().toLowerCase(Locale.ROOT)))
              .register(registry));
    }
    return counters;
  }
}
