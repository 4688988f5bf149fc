package dev.tributary.benchmarks;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.adapters.redis.RedisSettings;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** How long after an event was to be published it is settled, at a steady rate that waits for nobody. */
final class Latency {

  private static final long TICK_NANOS = 1_000_000;
  private static final int TICKS_PER_SECOND = 1_000;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration LAST_SETTLED_WITHIN = Duration.ofSeconds(5);
  private static final double NANOS_PER_MILLI = 1e6;
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final int NONE_SLOW = Integer.MAX_VALUE;

  private final long[] due;
  private final AtomicLongArray settled;
  private final int perSecond;
  private final int slow;

  /** In ms; {@code backlog} is what was not yet settled when the last was published. */
  record Times(double p50, double p99, double most, int backlog, int never) {

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "p50 %.2f ms, p99 %.2f ms, at most %.1f ms; %d were waiting at the end", p50,
          p99, most, backlog);
    }
  }

  /** Publishes one event, and may return before it is stored. */
  private interface Sender {
    void send(int number);
  }

  private Latency(int perSecond, Duration during, int slow) {
    int events = Math.toIntExact(perSecond * (WARM_UP.toSeconds() + during.toSeconds()));
    this.perSecond = perSecond;
    this.slow = slow;
    this.due = new long[events];
    this.settled = new AtomicLongArray(events);
  }

  static Times ofOurs(BenchRedis redis, int perSecond, Duration during) throws InterruptedException {
    return ofOurs(redis, perSecond, during, NONE_SLOW);
  }

  /** @param slow every which handler takes {@link #SLOW}; those are not among the times */
  static Times ofOurs(BenchRedis redis, int perSecond, Duration during, int slow) throws InterruptedException {
    redis.empty();
    var latency = new Latency(perSecond, during, slow);
    var settings = new RedisSettings(redis.url(), DeliverySettings.DEFAULTS, Retention.DEFAULT);
    try (RedisMessaging messaging = RedisMessaging.open(settings, monitor(latency))) {
      var _ = messaging.subscriber().subscribe(Ours.USERS, delivery -> {
        int number = Samples.number(delivery.event().userId());
        if (latency.isSlow(number)) {
          Thread.sleep(SLOW);
        }
        return Outcome.SETTLED;
      });
      return latency.measure(number -> Thread.startVirtualThread(
          () -> messaging.publisher().publish(UserEvent.TOPIC, List.of(numbered(number)))));
    }
  }

  /** As if it had happened that many seconds after 1970: how long ago that was is all that a monitor is told of an event that was settled. */
  private static Recorded<UserEvent> numbered(int number) {
    Recorded<UserEvent> user = Samples.user(number);
    return new Recorded<>(user.id(), Instant.ofEpochSecond(number), user.event(), user.trace());
  }

  private static DeliveryMonitor monitor(Latency latency) {
    return new DeliveryMonitor() {
      @Override
      public void happened(Happening what, Topic<?> topic, Group group, long times) {}

      @Override
      public void settled(Topic<?> topic, Group group, Duration sinceEvent) {
        latency.settled(Math.toIntExact(Instant.now().minus(sinceEvent).getEpochSecond()));
      }
    };
  }

  static Times ofPlainLettuce(BenchRedis redis, int perSecond, Duration during) throws InterruptedException {
    redis.empty();
    var latency = new Latency(perSecond, during, NONE_SLOW);
    RedisClient client = RedisClient.create(redis.url());
    try (StatefulRedisConnection<String, String> publishing = client.connect();
        StatefulRedisConnection<String, String> consuming = client.connect()) {
      consuming.sync()
          .xgroupCreate(XReadArgs.StreamOffset.from(Wire.USERS, "0"), Wire.GROUP, XGroupCreateArgs.Builder.mkstream());
      Thread reader = Thread.ofPlatform().start(() -> latency.consumeWith(consuming));
      Times times = latency.measure(number -> {
        var _ = publishing.async().xadd(Wire.USERS, Wire.entry(Samples.user(number)));
      });
      reader.join();
      return times;
    } finally {
      client.shutdown();
    }
  }

  @SuppressWarnings("unchecked")
  private void consumeWith(StatefulRedisConnection<String, String> redis) {
    int done = 0;
    while (done < due.length) {
      List<StreamMessage<String, String>> read = redis.sync()
          .xreadgroup(Consumer.from(Wire.GROUP, "plain"), XReadArgs.Builder.count(Samples.BATCH).block(1_000),
              XReadArgs.StreamOffset.lastConsumed(Wire.USERS));
      int[] numbers = read.stream()
          .mapToInt(message -> Integer.parseInt(
              Wire.user(message.getBody()).userId().substring("user-".length())))
          .toArray();
      if (numbers.length > 0) {
        var _ = redis.sync().xack(Wire.USERS, Wire.GROUP, PlainLettuce.ids(read));
        Arrays.stream(numbers).forEach(this::settled);
        done += numbers.length;
      }
    }
  }

  private boolean isSlow(int number) {
    return number % slow == slow - 1;
  }

  private void settled(int number) {
    settled.set(number, System.nanoTime());
  }

  private Times measure(Sender sender) throws InterruptedException {
    long begun = System.nanoTime();
    int perTick = perSecond / TICKS_PER_SECOND;
    for (int i = 0; i < due.length; i++) {
      due[i] = begun + i / perTick * TICK_NANOS;
      for (long wait = due[i] - System.nanoTime(); wait > 0; wait = due[i] - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      sender.send(i);
    }
    int backlog = unsettled();
    long deadline = System.nanoTime() + LAST_SETTLED_WITHIN.toNanos();
    while (unsettled() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    return times(backlog);
  }

  private int unsettled() {
    int unsettled = 0;
    for (int i = 0; i < settled.length(); i++) {
      unsettled += settled.get(i) == 0 ? 1 : 0;
    }
    return unsettled;
  }

  private Times times(int backlog) {
    int from = Math.toIntExact(perSecond * WARM_UP.toSeconds());
    double[] millis = IntStream.range(from, due.length)
        .filter(i -> !isSlow(i))
        .mapToDouble(i -> settled.get(i) == 0
            ? Double.POSITIVE_INFINITY
            : (settled.get(i) - due[i]) / NANOS_PER_MILLI)
        .sorted()
        .toArray();
    return new Times(millis[millis.length / 2], millis[millis.length * 99 / 100], millis[millis.length - 1], backlog,
        unsettled());
  }
}
