package dev.tributary.adapters.metrics;

import dev.tributary.application.ConsumerStatus;
import dev.tributary.application.ConsumerStatus.Kind;
import dev.tributary.application.GroupStatus;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.EntryId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A store that says what it is told to, and the clock that the cache goes by. */
final class FakeStore implements Supplier<List<StreamStatus>>, LongSupplier {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final AtomicLong asked = new AtomicLong();
  private volatile List<StreamStatus> streams = List.of();
  private volatile Optional<RuntimeException> failure = Optional.empty();

  static FakeStore with(StreamStatus... streams) {
    var store = new FakeStore();
    store.hold(streams);
    return store;
  }

  static StreamStatus stream(String name, int partition, long length, GroupStatus... groups) {
    return new StreamStatus(name, partition, length, Optional.<EntryId>empty(), Optional.empty(), List.of(groups));
  }

  static GroupStatus group(String name) {
    return new GroupStatus(name, 7, 6, 5, 4, Duration.ofMillis(3500),
        List.of(new ConsumerStatus("a", 4, Duration.ZERO, Kind.OURS),
            new ConsumerStatus("b", 2, Duration.ZERO, Kind.OURS),
            new ConsumerStatus("killed", 0, Duration.ofMinutes(3), Kind.OURS)));
  }

  void hold(StreamStatus... held) {
    streams = List.of(held);
  }

  void goAway() {
    fail(new StoreUnavailableException("away"));
  }

  void fail(RuntimeException e) {
    failure = Optional.of(e);
  }

  void comeBack() {
    failure = Optional.empty();
  }

  void advance(Duration span) {
    now.addAndGet(span.toNanos());
  }

  long asked() {
    return asked.get();
  }

  @Override
  public List<StreamStatus> get() {
    asked.incrementAndGet();
    failure.ifPresent(e -> {
      throw e;
    });
    return streams;
  }

  @Override
  public long getAsLong() {
    return now.get();
  }
}
