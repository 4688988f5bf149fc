package dev.tributary.benchmarks;

import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;

/** Spring Data Redis as its reference tells, with a pool of connections: without one it opens one for every poll. */
abstract class SpringData implements Contender {

  private static final Duration POLL = Duration.ofSeconds(1);

  private final String name;
  private final BenchRedis redis;
  private final LettuceConnectionFactory connections;
  private final StringRedisTemplate template;

  private SpringData(String name, BenchRedis redis) {
    this.name = name;
    this.redis = redis;
    this.connections = connections(redis);
    this.template = new StringRedisTemplate(connections);
  }

  private static LettuceConnectionFactory connections(BenchRedis redis) {
    var pool = new GenericObjectPoolConfig<StatefulConnection<?, ?>>();
    pool.setJmxEnabled(false);
    var factory = new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", redis.port()),
        LettucePoolingClientConfiguration.builder().poolConfig(pool).build());
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  /** One thread, which awaits each. */
  static Contender publishing(BenchRedis redis) {
    return new SpringData("Spring Data Redis, opsForStream().add", redis) {
      private List<Recorded<UserEvent>> events = List.of();

      @Override
      public void prepare(int count) {
        events = Samples.users(count);
      }

      @Override
      public void run(int count) {
        events.forEach(event -> template().opsForStream().add(Wire.USERS, Wire.entry(event)));
      }
    };
  }

  static Contender consuming(BenchRedis redis) {
    return new Listening("Spring Data Redis, StreamMessageListenerContainer", redis, Wire.USERS, 1) {
      @Override
      void fill(int events) {
        Filled.by(redis(), messaging -> Samples.publishUsers(messaging.publisher(), events));
      }
    };
  }

  /** At least once, and nothing else: each order's event is read and acknowledged, nothing is stored. */
  static Contender acknowledgingOrders(BenchRedis redis) {
    return new Listening("Spring Data Redis, acknowledges alone", redis, OrderEvent.TOPIC.name(), 1) {
      @Override
      void fill(int orders) {
        Filled.by(redis(), messaging -> Samples.placeOrders(messaging.unitOfWork(), orders));
      }
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() {
    connections.destroy();
  }

  BenchRedis redis() {
    return redis;
  }

  LettuceConnectionFactory connections() {
    return connections;
  }

  StringRedisTemplate template() {
    return template;
  }

  /** A listener that reads the JSON and acknowledges, each for itself. */
  private abstract static class Listening extends SpringData {

    private final String stream;
    private final int perEvent;
    private CountDownLatch acknowledged = new CountDownLatch(0);
    private StreamMessageListenerContainer<String, MapRecord<String, String, String>> container;

    Listening(String name, BenchRedis redis, String stream, int perEvent) {
      super(name, redis);
      this.stream = stream;
      this.perEvent = perEvent;
      this.container = container();
    }

    abstract void fill(int events);

    @Override
    public void prepare(int events) {
      fill(events);
      template().opsForStream().createGroup(stream, ReadOffset.from("0"), Wire.GROUP);
      acknowledged = new CountDownLatch(events * perEvent);
      container = container();
    }

    private StreamMessageListenerContainer<String, MapRecord<String, String, String>> container() {
      return StreamMessageListenerContainer.create(connections(),
          StreamMessageListenerContainerOptions.builder()
              .batchSize(Samples.BATCH)
              .pollTimeout(POLL)
              .errorHandler(this::failed)
              .build());
    }

    @Override
    public void run(int events) throws InterruptedException {
      container.receive(Consumer.from(Wire.GROUP, "spring"), StreamOffset.create(stream, ReadOffset.lastConsumed()),
          this::receive);
      container.start();
      acknowledged.await();
    }

    /** While it stops, its last read may find that the stream is gone. */
    private void failed(Throwable failure) {
      if (acknowledged.getCount() > 0) {
        Main.say(name() + " failed: " + failure);
      }
    }

    private void receive(MapRecord<String, String, String> message) {
      var _ = Wire.tree(Wire.field(message.getValue(), "event"));
      template().opsForStream().acknowledge(stream, Wire.GROUP, message.getId());
      acknowledged.countDown();
    }

    @Override
    public void finish() throws InterruptedException {
      var stopped = new CountDownLatch(1);
      container.stop(stopped::countDown);
      stopped.await();
    }
  }
}
