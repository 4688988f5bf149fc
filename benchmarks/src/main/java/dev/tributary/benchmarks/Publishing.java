package dev.tributary.benchmarks;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.UserEvent;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that publish hundreds of events, and await each hundred before the next.
 *
 * @param threads how many hundreds are under way at the same time
 */
record Publishing(String name, Consumers.Place place, int threads, int events) implements Level {

  @Override
  public Run measure() throws Exception {
    Stocks.empty(place);
    List<List<Recorded<UserEvent>>> batches = Samples.inBatches(Samples.users(events));
    try (RedisMessaging messaging = place.open();
        ExecutorService publishing = Executors.newFixedThreadPool(threads)) {
      // Connects.
      messaging.publisher().publish(UserEvent.TOPIC, List.of(Samples.user(-1)));
      return Run.measured(place.redis(), events, () -> {
        List<? extends Future<?>> all = batches.stream()
            .map(batch -> publishing.submit(() -> messaging.publisher().publish(UserEvent.TOPIC, batch)))
            .toList();
        for (Future<?> each : all) {
          each.get();
        }
      });
    }
  }
}
