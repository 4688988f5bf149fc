package dev.tributary.benchmarks;

import java.time.Duration;

/** Consumers that work off what waits for them. */
final class Draining implements Level {

  private static final int UNTIL_STEADY = 1_000;
  private static final Duration STEADY_WITHIN = Duration.ofSeconds(20);
  /** Where few come through at all: what these cost is known by then. */
  private static final Duration MEASURED_AT_MOST = Duration.ofSeconds(4);

  private final String name;
  private final Consumers.Place place;
  private final Stock stock;
  private final int consumers;
  private final Duration lease;
  private final int events;

  /** What waits for the consumers. */
  interface Stock extends AutoCloseable {

    /** Is not measured. Leaves at least that many waiting. */
    void refill(int atLeast);

    @Override
    default void close() {}
  }

  Draining(String name, Consumers.Place place, Stock stock, int consumers, Duration lease, int events) {
    this.name = name;
    this.place = place;
    this.stock = stock;
    this.consumers = consumers;
    this.lease = lease;
    this.events = events;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Run measure() throws Exception {
    // A third more, so that the last of them do not find their hands half empty.
    stock.refill(UNTIL_STEADY + events + events / 3);
    try (Consumers working = Consumers.start(place, consumers, lease)) {
      int _ = working.await(UNTIL_STEADY, STEADY_WITHIN);
      return Run.measured(place.redis(), () -> working.await(events, MEASURED_AT_MOST));
    }
  }

  @Override
  public void close() {
    stock.close();
  }
}
