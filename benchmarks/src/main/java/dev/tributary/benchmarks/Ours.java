package dev.tributary.benchmarks;

import dev.tributary.adapters.redis.RedisMessaging;
import dev.tributary.adapters.redis.RedisSettings;
import dev.tributary.application.Answer;
import dev.tributary.application.CapturePayment;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Groups;
import dev.tributary.application.Payments;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.EventPublisher;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Our ports through the Redis adapter, as a service uses them. */
abstract class Ours implements Contender {

  static final SubscriptionSpec<UserCreated> USERS = new SubscriptionSpec<>(UserEvent.TOPIC, new Group("bench"),
      UserCreated.class);

  private final String name;
  private final BenchRedis redis;
  private final int concurrency;
  private final Settling settling = new Settling();
  private RedisMessaging messaging;

  private Ours(String name, BenchRedis redis, int concurrency) {
    this.name = name;
    this.redis = redis;
    this.concurrency = concurrency;
    this.messaging = open();
  }

  /** One thread, a hundred events a call. */
  static Contender publishingBatches(BenchRedis redis) {
    return new Publishing("Tributary, EventPublisher", redis) {
      @Override
      void publish(EventPublisher publisher, List<Recorded<UserEvent>> events) {
        Samples.inBatches(events).forEach(batch -> publisher.publish(UserEvent.TOPIC, batch));
      }
    };
  }

  /** Each thread awaits its event before it publishes the next. */
  static Contender publishingSingly(BenchRedis redis, int threads) {
    return new Publishing("Tributary, EventPublisher, " + threads + " threads", redis) {
      @Override
      void publish(EventPublisher publisher, List<Recorded<UserEvent>> events) {
        var next = new AtomicInteger();
        try (ExecutorService publishing = Executors.newVirtualThreadPerTaskExecutor()) {
          IntStream.range(0, threads).forEach(_ -> publishing.execute(() -> {
            for (int i = next.getAndIncrement(); i < events.size(); i = next.getAndIncrement()) {
              publisher.publish(UserEvent.TOPIC, List.of(events.get(i)));
            }
          }));
        }
      }
    };
  }

  static Contender consuming(BenchRedis redis, int concurrency) {
    return new Ours("Tributary, EventSubscriber, CONCURRENCY=" + concurrency, redis, concurrency) {
      @Override
      public void prepare(int events) {
        Samples.publishUsers(messaging().publisher(), events);
        expect(events);
      }

      @Override
      public void run(int events) throws InterruptedException {
        var _ = messaging().subscriber().subscribe(USERS, _ -> Outcome.SETTLED);
        awaitSettled();
      }
    };
  }

  /** State, event, mark and acknowledgement of each order, in one step; the state is loaded first. */
  static Contender paying(BenchRedis redis, int concurrency) {
    return new Ours("Tributary, CapturePayment, CONCURRENCY=" + concurrency, redis, concurrency) {
      @Override
      public void prepare(int orders) {
        Samples.placeOrders(messaging().unitOfWork(), orders);
        // What follows from each comes by the same way, and is passed over.
        expect(2 * orders);
      }

      @Override
      public void run(int orders) throws InterruptedException {
        Payments instant = (order, _, _) -> new Answer.Done<>(new Payments.Result.Captured("pay-" + order));
        var payment = new CapturePayment(messaging().unitOfWork(), instant, InstantSource.system());
        var _ = messaging().subscriber().subscribe(Groups.PAYMENT_PROCESSORS, payment);
        awaitSettled();
      }
    };
  }

  @Override
  public String name() {
    return name;
  }

  /** Subscriptions end with their messaging; whoever comes next has a new one. */
  @Override
  public void finish() {
    messaging.close();
    messaging = open();
  }

  @Override
  public void close() {
    messaging.close();
  }

  RedisMessaging messaging() {
    return messaging;
  }

  void expect(int deliveries) {
    settling.expect(deliveries);
  }

  void awaitSettled() throws InterruptedException {
    settling.await();
  }

  private RedisMessaging open() {
    DeliverySettings deliveries = DeliverySettings.DEFAULTS.withConcurrency(concurrency);
    return RedisMessaging.open(new RedisSettings(redis.url(), deliveries, Retention.DEFAULT), settling);
  }

  private abstract static class Publishing extends Ours {

    private List<Recorded<UserEvent>> events = List.of();

    Publishing(String name, BenchRedis redis) {
      super(name, redis, DeliverySettings.DEFAULTS.concurrency());
    }

    @Override
    public void prepare(int count) {
      events = Samples.users(count);
      // Connects.
      messaging().publisher().publish(UserEvent.TOPIC, List.of(Samples.user(-1)));
    }

    @Override
    public void run(int count) {
      publish(messaging().publisher(), events);
    }

    abstract void publish(EventPublisher publisher, List<Recorded<UserEvent>> published);
  }
}
