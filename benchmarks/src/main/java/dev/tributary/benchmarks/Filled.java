package dev.tributary.benchmarks;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.adapters.redis.RedisSettings;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import java.util.function.Consumer;

/** What our ports leave in a Redis for others to work on. */
final class Filled {

  private Filled() {}

  static void by(BenchRedis redis, Consumer<RedisMessaging> filling) {
    var settings = new RedisSettings(redis.url(), DeliverySettings.DEFAULTS, Retention.DEFAULT);
    try (RedisMessaging messaging = RedisMessaging.open(settings)) {
      filling.accept(messaging);
    }
  }
}
