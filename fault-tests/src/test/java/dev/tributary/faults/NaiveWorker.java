package dev.tributary.faults;

import io.lettuce.core.Consumer;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/** Payments as one writes them on the first evening: the effect, the state, the event and the acknowledgement, one after the other. It dies at times. */
final class NaiveWorker {

  private static final String GROUP = "payment-processors";
  private static final String STREAM = "order-events";
  private static final Consumer<String> ME = Consumer.from(GROUP, "worker-1");

  private final RedisClusterCommands<String, String> redis;
  private final String payments;
  private final Random random;
  private final HttpClient http = HttpClient.newHttpClient();

  NaiveWorker(RedisClusterCommands<String, String> redis, String payments, long seed) {
    this.redis = redis;
    this.payments = payments;
    this.random = new Random(seed);
  }

  /** It was killed, where it stood. */
  private static final class Killed extends Exception {

    private static final long serialVersionUID = 1L;
  }

  /** @return how often it was killed until all was done */
  int run() throws IOException, InterruptedException {
    redis.xgroupCreate(StreamOffset.from(STREAM, "0"), GROUP, XGroupCreateArgs.Builder.mkstream());
    int kills = 0;
    boolean more = true;
    while (more) {
      try {
        more = readOnce("0") || readOnce(">");
      } catch (Killed _) {
        kills++;
      }
    }
    return kills;
  }

  @SuppressWarnings("unchecked")
  private boolean readOnce(String from) throws Killed, IOException, InterruptedException {
    List<StreamMessage<String, String>> entries = redis.xreadgroup(ME, XReadArgs.Builder.count(10),
        StreamOffset.from(STREAM, from));
    for (StreamMessage<String, String> entry : entries) {
      handle(entry.getBody());
      redis.xack(STREAM, GROUP, entry.getId());
    }
    return !entries.isEmpty();
  }

  private void handle(Map<String, String> entry) throws Killed, IOException, InterruptedException {
    if (!"order_created".equals(entry.get("type"))) {
      return;
    }
    String order = entry.getOrDefault("key", "");
    charge(order, order);
    dieSometimes();
    String key = "{order-events}:order:" + order;
    String state = redis.hget(key, "s");
    redis.hset(key, "s",
        state.substring(0, state.length() - 1) + ",\"payment\":{\"id\":\"" + Witness.idFor(order) + "\",\"at\":1}}");
    redis.hincrby(key, "v", 1);
    dieSometimes();
    redis.xadd(STREAM, Map.of("id", UUID.randomUUID().toString(), "type", "order_paid", "key", order, "event",
        entry.getOrDefault("event", "")
            .replace("order_created", "order_paid")
            .replace("\"total\"", "\"paymentId\":\"p\",\"amount\"")));
    dieSometimes();
  }

  void charge(String order, String key) throws IOException, InterruptedException {
    http.send(HttpRequest.newBuilder(URI.create(payments + "/payments"))
        .header("Idempotency-Key", key)
        .POST(HttpRequest.BodyPublishers.ofString("{\"orderId\":\"" + order + "\"}"))
        .build(), BodyHandlers.discarding());
  }

  private void dieSometimes() throws Killed {
    if (random.nextInt(10) == 0) {
      throw new Killed();
    }
  }
}
