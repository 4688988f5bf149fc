package dev.tributary.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.DerivedId;
import dev.tributary.application.Groups;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.order.OrderCreated;
import dev.tributary.domain.order.OrderEvent;
import dev.tributary.domain.order.OrderPaid;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.Consumer;
import io.lettuce.core.KeyValue;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Loops as one writes them by hand, for one thread, with no promise but that of Redis itself. */
abstract class PlainLettuce implements Contender {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String name;
  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;

  private PlainLettuce(String name, BenchRedis redis) {
    this.name = name;
    this.client = RedisClient.create(redis.url());
    this.connection = client.connect();
  }

  /** Fields are made of the events while it is measured, as ours are. */
  private abstract static class Publishing extends PlainLettuce {

    private List<Recorded<UserEvent>> events = List.of();

    Publishing(String name, BenchRedis redis) {
      super(name, redis);
    }

    @Override
    public void prepare(int count) {
      events = Samples.users(count);
    }

    List<Recorded<UserEvent>> events() {
      return events;
    }
  }

  /** A hundred XADDs, then their replies. */
  static Contender pipelining(BenchRedis redis) {
    return new Publishing("Lettuce, XADD pipelined by 100", redis) {
      @Override
      public void run(int count) {
        for (List<Recorded<UserEvent>> batch : Samples.inBatches(events())) {
          await(batch.stream().map(event -> connection().async().xadd(Wire.USERS, Wire.entry(event))).toList());
        }
      }
    };
  }

  /** The same, but that the hundred go to the socket as one. */
  static Contender pipeliningFlushedOnce(BenchRedis redis) {
    return new Publishing("Lettuce, XADD pipelined by 100, one flush", redis) {
      @Override
      public void run(int count) {
        connection().setAutoFlushCommands(false);
        for (List<Recorded<UserEvent>> batch : Samples.inBatches(events())) {
          List<RedisFuture<String>> replies = batch.stream()
              .map(event -> connection().async().xadd(Wire.USERS, Wire.entry(event)))
              .toList();
          connection().flushCommands();
          await(replies);
        }
        connection().setAutoFlushCommands(true);
      }
    };
  }

  /** As many threads as ours, each of which awaits its XADD. */
  static Contender awaiting(BenchRedis redis, int threads) {
    return new Publishing("Lettuce, XADD awaited, " + threads + " threads", redis) {
      @Override
      public void run(int count) throws Exception {
        try (ExecutorService publishing = Executors.newVirtualThreadPerTaskExecutor()) {
          List<? extends Future<?>> all = IntStream.range(0, threads)
              .mapToObj(thread -> publishing.submit(() -> {
                for (int i = thread; i < count; i += threads) {
                  connection().sync().xadd(Wire.USERS, Wire.entry(events().get(i)));
                }
              }))
              .toList();
          for (Future<?> each : all) {
            each.get();
          }
        }
      }
    };
  }

  /** XREADGROUP, JSON, one XACK for all that were read. */
  static Contender consuming(BenchRedis redis, int count) {
    return new PlainLettuce("Lettuce, XREADGROUP COUNT " + count + ", one XACK", redis) {
      @Override
      public void prepare(int events) {
        Filled.by(redis, messaging -> Samples.publishUsers(messaging.publisher(), events));
        createGroup(Wire.USERS, Wire.GROUP);
      }

      @Override
      public void run(int events) {
        int done = 0;
        while (done < events) {
          List<StreamMessage<String, String>> read = read(Wire.USERS, Wire.GROUP, count);
          read.forEach(message -> Wire.user(message.getBody()));
          done += Math.toIntExact(connection().sync().xack(Wire.USERS, Wire.GROUP, ids(read)));
        }
      }
    };
  }

  /**
   * State, event, mark and acknowledgement of a hundred orders in one EVALSHA, with no fence.
   *
   * @param loads whether states are read first, as a decision needs; else the event is believed
   */
  static Contender paying(BenchRedis redis, boolean loads) {
    return new Paying("Lettuce, EVALSHA by 100" + (loads ? ", states loaded" : ""), redis, loads);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() {
    client.shutdown();
  }

  StatefulRedisConnection<String, String> connection() {
    return connection;
  }

  void createGroup(String stream, String group) {
    connection.sync()
        .xgroupCreate(XReadArgs.StreamOffset.from(stream, "0"), group, XGroupCreateArgs.Builder.mkstream());
  }

  @SuppressWarnings("unchecked")
  List<StreamMessage<String, String>> read(String stream, String group, int count) {
    return connection.sync()
        .xreadgroup(Consumer.from(group, "plain"), XReadArgs.Builder.count(count),
            XReadArgs.StreamOffset.lastConsumed(stream));
  }

  static String[] ids(List<StreamMessage<String, String>> read) {
    return read.stream().map(StreamMessage::getId).toArray(String[]::new);
  }

  static void await(List<? extends RedisFuture<?>> replies) {
    if (!LettuceFutures.awaitAll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS, replies.toArray(RedisFuture[]::new))) {
      throw new IllegalStateException("no reply within " + PATIENCE);
    }
  }

  private static final class Paying extends PlainLettuce {

    private static final String STREAM = OrderEvent.TOPIC.name();
    private static final String GROUP = Groups.PAYMENT_PROCESSORS.group().name();
    private static final String MARKS = "{order-events}:marks";
    /** KEYS: stream, marks, states; ARGV: group, now, then for each state: entry, cause, version, state, id, key, time, event. */
    private static final String COMMIT = """
        local at = 2
        for i = 3, #KEYS do
          local entry, cause, version, state = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
          if redis.call('ZADD', KEYS[2], 'NX', ARGV[2], cause) == 1 and redis.call('HGET', KEYS[i], 'v') == version then
            redis.call('HSET', KEYS[i], 'v', version + 1, 's', state)
            redis.call('XADD', KEYS[1], '*', 'id', ARGV[at + 5], 'type', 'order_paid', 'key', ARGV[at + 6],
              'timestamp', ARGV[at + 7], 'event', ARGV[at + 8])
          end
          redis.call('XACK', KEYS[1], ARGV[1], entry)
          at = at + 8
        end
        return #KEYS - 2
        """;

    private final BenchRedis redis;
    private final boolean loads;
    private final String digest;

    Paying(String name, BenchRedis redis, boolean loads) {
      super(name, redis);
      this.redis = redis;
      this.loads = loads;
      this.digest = connection().sync().scriptLoad(COMMIT);
    }

    @Override
    public void prepare(int orders) {
      Filled.by(redis, messaging -> Samples.placeOrders(messaging.unitOfWork(), orders));
      createGroup(STREAM, GROUP);
    }

    /** What follows from each order comes by the same way, and is passed over. */
    @Override
    public void run(int orders) {
      int done = 0;
      while (done < 2 * orders) {
        List<StreamMessage<String, String>> read = read(STREAM, GROUP, Samples.BATCH);
        List<StreamMessage<String, String>> others = read.stream().filter(message -> !isCreated(message)).toList();
        if (!others.isEmpty()) {
          connection().sync().xack(STREAM, GROUP, ids(others));
        }
        pay(read.stream().filter(Paying::isCreated).toList());
        done += read.size();
      }
    }

    private static boolean isCreated(StreamMessage<String, String> message) {
      return OrderCreated.TYPE.equals(message.getBody().get("type"));
    }

    private void pay(List<StreamMessage<String, String>> created) {
      if (created.isEmpty()) {
        return;
      }
      var keys = new ArrayList<>(List.of(STREAM, MARKS));
      created.forEach(message -> keys.add("{order-events}:order:" + message.getBody().get("key")));
      List<List<KeyValue<String, String>>> states = loads ? load(keys.subList(2, keys.size())) : List.of();
      var arguments = new ArrayList<>(List.of(GROUP, Long.toString(System.currentTimeMillis())));
      for (int i = 0; i < created.size(); i++) {
        Map<String, String> entry = created.get(i).getBody();
        JsonNode event = Wire.tree(Wire.field(entry, "event"));
        ObjectNode state = loads ? (ObjectNode) Wire.tree(states.get(i).getLast().getValue()) : state(event);
        String version = loads ? states.get(i).getFirst().getValue() : "1";
        add(arguments, created.get(i), event, state, version);
      }
      connection().sync()
          .evalsha(digest, ScriptOutputType.INTEGER, keys.toArray(String[]::new), arguments.toArray(String[]::new));
    }

    private List<List<KeyValue<String, String>>> load(List<String> keys) {
      List<RedisFuture<List<KeyValue<String, String>>>> replies = keys.stream()
          .map(key -> connection().async().hmget(key, "v", "s"))
          .toList();
      await(replies);
      return replies.stream().map(reply -> reply.toCompletableFuture().join()).toList();
    }

    private static void add(List<String> arguments, StreamMessage<String, String> message, JsonNode event,
        ObjectNode state, String version) {
      long now = System.currentTimeMillis();
      String cause = Wire.field(message.getBody(), "id");
      String order = event.get("orderId").textValue();
      state.putObject("payment").put("id", "pay-" + order).put("at", now);
      ObjectNode paid = Wire.object()
          .put("type", OrderPaid.TYPE)
          .put("orderId", order)
          .put("userId", event.get("userId").textValue())
          .put("amount", event.get("total").textValue())
          .put("currency", event.get("currency").textValue())
          .put("paymentId", "pay-" + order)
          .put("timestamp", now);
      arguments.addAll(List.of(message.getId(), cause, version, state.toString(),
          DerivedId.of(cause, OrderPaid.TYPE, "0").toString(), order, Long.toString(now), paid.toString()));
    }

    private static ObjectNode state(JsonNode event) {
      return Wire.object()
          .put("orderId", event.get("orderId").textValue())
          .put("userId", event.get("userId").textValue())
          .put("currency", event.get("currency").textValue())
          .put("createdAt", event.get("timestamp").longValue())
          .set("items", event.get("items"));
    }
  }
}
