package dev.tributary.benchmarks;

import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.user.UserEvent;
import java.util.List;
import java.util.Map;
import org.redisson.Redisson;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** Redisson's RStream, by hundreds where it can. */
abstract class RedissonStreams implements Contender {

  private final String name;
  private final BenchRedis redis;
  private final RedissonClient client;

  private RedissonStreams(String name, BenchRedis redis) {
    this.name = name;
    this.redis = redis;
    var config = new Config();
    config.useSingleServer().setAddress(redis.url());
    this.client = Redisson.create(config);
  }

  static Contender publishing(BenchRedis redis) {
    return new RedissonStreams("Redisson, RBatch of 100", redis) {
      private List<Recorded<UserEvent>> events = List.of();

      @Override
      public void prepare(int count) {
        events = Samples.users(count);
      }

      @Override
      public void run(int count) {
        for (List<Recorded<UserEvent>> hundred : Samples.inBatches(events)) {
          RBatch batch = client().createBatch(BatchOptions.defaults());
          hundred.forEach(event -> {
            var _ = batch.<String, String>getStream(Wire.USERS, StringCodec.INSTANCE)
                .addAsync(StreamAddArgs.entries(Wire.entry(event)));
          });
          batch.execute();
        }
      }
    };
  }

  static Contender consuming(BenchRedis redis) {
    return new RedissonStreams("Redisson, readGroup of 100, one ack", redis) {
      @Override
      public void prepare(int events) {
        Filled.by(redis(), messaging -> Samples.publishUsers(messaging.publisher(), events));
        stream().createGroup(StreamCreateGroupArgs.name(Wire.GROUP).id(StreamMessageId.ALL));
      }

      @Override
      public void run(int events) {
        long done = 0;
        while (done < events) {
          Map<StreamMessageId, Map<String, String>> read = stream().readGroup(Wire.GROUP, "redisson",
              StreamReadGroupArgs.neverDelivered().count(Samples.BATCH));
          read.values().forEach(entry -> Wire.user(entry));
          done += stream().ack(Wire.GROUP, read.keySet().toArray(StreamMessageId[]::new));
        }
      }
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() {
    client.shutdown();
  }

  BenchRedis redis() {
    return redis;
  }

  RedissonClient client() {
    return client;
  }

  RStream<String, String> stream() {
    return client.getStream(Wire.USERS, StringCodec.INSTANCE);
  }
}
