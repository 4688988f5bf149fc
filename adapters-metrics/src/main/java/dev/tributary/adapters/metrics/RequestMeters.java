package dev.tributary.adapters.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How requests were answered, by method, route and status. */
final class RequestMeters {

  /** A client may send any word as its method; each would be kept for ever. */
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
      "TRACE");

  private record Which(String method, String route, int status) {}

  private final MeterRegistry registry;
  private final Map<Which, Timer> timers = new ConcurrentHashMap<>();

  RequestMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void http(String method, String route, int status, Duration took) {
    var which = new Which(METHODS.contains(method) ? method : "other", route, status);
    Timers.record(timers.computeIfAbsent(which, this::register), took);
  }

  private Timer register(Which which) {
    return Timers.named("tributary.http")
        .description("From a request's arrival to its answer")
        .tags("method", which.method(), "route", which.route(), "status", Integer.toString(which.status()))
        .register(registry);
  }
}
