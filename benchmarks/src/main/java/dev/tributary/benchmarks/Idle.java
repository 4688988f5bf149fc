package dev.tributary.benchmarks;

import dev.tributary.application.DeliverySettings;
import java.time.Duration;

/** A consumer that has nothing to do. Its "events" are the seconds that it waits. */
record Idle(String name, Consumers.Place place, int seconds) implements Level {

  /** Until its groups are made and looked through. */
  private static final Duration SETTLES_DOWN = Duration.ofSeconds(3);

  @Override
  public Run measure() throws Exception {
    Stocks.empty(place);
    try (Consumers _ = Consumers.start(place, 1, DeliverySettings.DEFAULTS.lease())) {
      Thread.sleep(SETTLES_DOWN);
      return Run.measured(place.redis(), seconds, () -> Thread.sleep(Duration.ofSeconds(seconds)));
    }
  }
}
