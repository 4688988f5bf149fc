package dev.tributary.adapters.metrics;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.RequestMonitor;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Counts and times what this process does, and shows it with how the logs and the JVM are doing. What it counts is this process's own; the gauges
 * of streams and groups are the store's, and so the same in every process. For use by many threads at once.
 */
public final class Metrics implements DeliveryMonitor, RequestMonitor, AutoCloseable {

  private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final DeliveryMeters deliveries = new DeliveryMeters(registry);
  private final StoreMeters store = new StoreMeters(registry);
  private final RequestMeters requests = new RequestMeters(registry);
  private final JvmMeters jvm = new JvmMeters(registry);
  private final StreamGauges streams;
  /** Two scrapes at once would ask the store twice, and one could show half of what the other has read. */
  private final ReentrantLock scraping = new ReentrantLock();

  Metrics(Supplier<List<StreamStatus>> streams, LongSupplier nanoTime) {
    this.streams = new StreamGauges(registry, streams, nanoTime);
  }

  /**
   * Watches the JVM until it is closed.
   *
   * @param streams {@link dev.tributary.application.Operations#streams()}. Not asked before the first scrape: the messaging that it belongs to may
   *        be opened later, with this as its monitor. Asked by one thread at a time, at most once a second
   */
  public static Metrics open(Supplier<List<StreamStatus>> streams) {
    return new Metrics(streams, System::nanoTime);
  }

  /** Shows a group's counters from now on, at 0: of a counter that appears with its first event, an alert would not see that it rose. */
  public void expect(Topic<?> topic, Group group) {
    deliveries.expect(topic, group);
  }

  @Override
  public void happened(Happening what, Topic<?> topic, Group group, long times) {
    deliveries.happened(what, topic, group, times);
  }

  @Override
  public void handled(Topic<?> topic, Group group, Duration handlerTime) {
    deliveries.handled(topic, group, handlerTime);
  }

  @Override
  public void settled(Topic<?> topic, Group group, Duration sinceEvent) {
    deliveries.settled(topic, group, sinceEvent);
  }

  @Override
  public void storeFailed(StoreFailure why) {
    store.failed(why);
  }

  @Override
  public void http(String method, String route, int status, Duration took) {
    requests.http(method, route, status, took);
  }

  /**
   * Everything, as it is now; streams and groups as they were up to 1 s ago. While the store is away their gauges are missing and
   * {@code tributary_store_up} is 0; it blocks no longer than the store's port does, and a scrape that waited for another asks no more.
   *
   * @return Prometheus text, version 0.0.4: {@code text/plain; version=0.0.4; charset=utf-8}
   */
  public String scrape() {
    scraping.lock();
    try {
      streams.refresh();
      return registry.scrape();
    } finally {
      scraping.unlock();
    }
  }

  /** Watches the JVM no longer. A second call does nothing. */
  @Override
  public void close() {
    jvm.close();
    registry.close();
  }
}
