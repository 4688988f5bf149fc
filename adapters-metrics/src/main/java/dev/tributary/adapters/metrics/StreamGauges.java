package dev.tributary.adapters.metrics;

import dev.tributary.application.ConsumerStatus;
import dev.tributary.application.GroupStatus;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.StreamStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the logs and their groups were doing when they were last asked. What is no longer there is no longer shown. For one thread at a time. */
final class StreamGauges {

  private static final Logger log = LoggerFactory.getLogger(StreamGauges.class);
  /** However many scrape, the store has better things to do. */
  private static final Duration FRESH_FOR = Duration.ofSeconds(1);

  private record GroupGauge(MultiGauge gauge, ToDoubleFunction<GroupStatus> value) {}

  private final Supplier<List<StreamStatus>> streams;
  private final LongSupplier nanoTime;
  private final MultiGauge length;
  private final List<GroupGauge> groups;
  private boolean wasRead;
  private long readAt;
  private boolean up;

  /** @param nanoTime as {@link System#nanoTime()} */
  StreamGauges(MeterRegistry registry, Supplier<List<StreamStatus>> streams, LongSupplier nanoTime) {
    this.streams = streams;
    this.nanoTime = nanoTime;
    length = MultiGauge.builder("tributary.stream.length").description("Entries that are kept").register(registry);
    groups = List.of(
        of(registry, "lag", "Entries that were not handed to the group yet", GroupStatus::lag),
        of(registry, "pending", "Entries that the group was handed and has not settled", GroupStatus::pending),
        of(registry, "retrying", "Pending entries whose last attempt failed", GroupStatus::retrying),
        of(registry, "dead.letters", "Dead letters that are kept", GroupStatus::deadLetters),
        of(registry, "oldest.unsettled.age.seconds",
            "Since the oldest entry that the group has not settled was appended",
            group -> group.oldestUnsettledAge().toMillis() / 1000.0),
        of(registry, "consumers", "Consumers that gave a sign of life in the last two minutes",
            group -> group.consumers().stream().filter(ConsumerStatus::isAlive).count()));
    Gauge.builder("tributary.store.up", this, gauges -> gauges.up ? 1 : 0)
        .description("1 if the store told how it is doing, 0 if it is away")
        .register(registry);
  }

  private static GroupGauge of(MeterRegistry registry, String name, String description,
      ToDoubleFunction<GroupStatus> value) {
    return new GroupGauge(
        MultiGauge.builder("tributary.group." + name).description(description).register(registry), value);
  }

  /** Asks the store again, if its last answer, or failure to answer, is older than 1 s. */
  void refresh() {
    if (!wasRead || nanoTime.getAsLong() - readAt >= FRESH_FOR.toNanos()) {
      show(read());
      // After the answer: whoever waited while the store was away does not ask it once more.
      readAt = nanoTime.getAsLong();
      wasRead = true;
    }
  }

  private List<StreamStatus> read() {
    up = false;
    try {
      List<StreamStatus> found = streams.get();
      up = true;
      return found;
    } catch (StoreUnavailableException e) {
      log.debug("no gauges of streams: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.warn("the gauges of streams could not be read", e);
    }
    return List.of();
  }

  private void show(List<StreamStatus> found) {
    show(length, found.stream().map(stream -> Row.of(tags(stream), stream.length())).toList());
    for (GroupGauge group : groups) {
      show(group.gauge(), rows(found, group.value()));
    }
  }

  private static List<Row<?>> rows(List<StreamStatus> found, ToDoubleFunction<GroupStatus> value) {
    var rows = new ArrayList<Row<?>>();
    for (StreamStatus stream : found) {
      for (GroupStatus group : stream.groups()) {
        rows.add(Row.of(tags(stream).and("group", group.group()), value.applyAsDouble(group)));
      }
    }
    return rows;
  }

  private static void show(MultiGauge gauge, List<? extends Row<?>> rows) {
    boolean replacingOlder = true;
    gauge.register(rows, replacingOlder);
  }

  private static Tags tags(StreamStatus stream) {
    return Tags.of("stream", stream.stream(), "partition", Integer.toString(stream.partition()));
  }
}
