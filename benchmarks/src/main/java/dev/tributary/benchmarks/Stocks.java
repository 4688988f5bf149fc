package dev.tributary.benchmarks;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What waits for consumers, and what else lies there. */
final class Stocks {

  private Stocks() {}

  /** As many waiting as are asked for, or more; all is written once and topped up. */
  static Draining.Stock backlog(Consumers.Place place, int waiting) {
    return raw(place, waiting, _ -> {});
  }

  /** Further entries are in the hands of another consumer. */
  static Draining.Stock besideHeld(Consumers.Place place, int held) {
    return raw(place, 0, entries -> entries.addHeldBy("another", held));
  }

  /** Further entries have failed, and wait an hour for their retry, as ours leave them. */
  static Draining.Stock besideRetries(Consumers.Place place, int waiting) {
    long due = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
    return raw(place, 0, entries -> entries.addRetriedBy("waiting", waiting, due));
  }

  private static Draining.Stock raw(Consumers.Place place, int waiting, Consumer<RawEntries> first) {
    var entries = new RawEntries(place.redis(), place.database());
    first.accept(entries);
    entries.add(waiting);
    return new Draining.Stock() {
      @Override
      public void refill(int atLeast) {
        entries.add(atLeast);
      }

      @Override
      public void close() {
        entries.close();
      }
    };
  }

  /** Events of keys in all partitions. */
  static Draining.Stock published(Consumers.Place place) {
    return published(place, _ -> true);
  }

  /** Events of keys in one partition; the others are empty. */
  static Draining.Stock publishedToOne(Consumers.Place place) {
    Partitioning partitioning = place.partitioning();
    return published(place, number -> partitioning.of("user-" + number) == 0);
  }

  private static Draining.Stock published(Consumers.Place place, IntPredicate chosen) {
    return atLeast -> {
      empty(place);
      List<Recorded<UserEvent>> events = IntStream.iterate(0, number -> number + 1)
          .filter(chosen)
          .limit(atLeast)
          .mapToObj(Samples::user)
          .toList();
      try (RedisMessaging messaging = place.open()) {
        messaging.publisher().publish(UserEvent.TOPIC, events);
      }
    };
  }

  static void empty(Consumers.Place place) {
    RedisClient client = RedisClient.create(place.redis().url(place.database()));
    try (var connection = client.connect()) {
      connection.sync().flushdb();
    } finally {
      client.shutdown();
    }
  }
}
