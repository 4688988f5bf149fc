package dev.tributary.adapters.metrics;

import dev.tributary.application.DeliveryMonitor.StoreFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How often the store did not do what it was asked, by why; all of them are shown from the start. */
final class StoreMeters {

  private final Map<StoreFailure, Counter> failures = new EnumMap<>(StoreFailure.class);

  StoreMeters(MeterRegistry registry) {
    for (StoreFailure why : StoreFailure.values()) {
      failures.put(why,
          Counter.builder("tributary.store.errors")
              .description("Answers of the store that did not come, and errors in their place")
              .tag("reason", why.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  void failed(StoreFailure why) {
    Counter counter = failures.get(why);
    if (counter != null) {
      counter.increment();
    }
  }
}
