package dev.tributary.benchmarks;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What lies in a server, by kind of key: of {@code {order-events}:order:<id>} the kind is {@code {order-events}:order}. */
final class Memory {

  /** All of a key, not only a sample of its members. */
  private static final String USAGE = "return redis.call('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', 0)";
  /** Further keys of a kind are as large as these on average. */
  private static final int LOOKED_AT = 200;
  private static final int PAGE = 1_000;

  private Memory() {}

  /** @param bytes of all of them, with what the server spends on each key */
  record Kind(long keys, double bytes) {

    private static final Kind NONE = new Kind(0, 0);
  }

  static Map<String, Kind> of(BenchRedis redis) {
    RedisClient client = RedisClient.create(redis.url());
    try (var connection = client.connect()) {
      return kinds(connection.sync());
    } finally {
      client.shutdown();
    }
  }

  private static Map<String, Kind> kinds(RedisCommands<String, String> redis) {
    var counts = new TreeMap<String, Integer>();
    var looked = new TreeMap<String, Kind>();
    KeyScanCursor<String> page = redis.scan(ScanArgs.Builder.limit(PAGE));
    while (true) {
      for (String key : List.copyOf(page.getKeys())) {
        String kind = kind(key);
        if (counts.merge(kind, 1, Integer::sum) <= LOOKED_AT) {
          long bytes = redis.eval(USAGE, ScriptOutputType.INTEGER, key);
          Kind known = looked.getOrDefault(kind, Kind.NONE);
          looked.put(kind, new Kind(known.keys() + 1, known.bytes() + bytes));
        }
      }
      if (page.isFinished()) {
        break;
      }
      page = redis.scan(page, ScanArgs.Builder.limit(PAGE));
    }
    looked
        .replaceAll((kind, known) -> new Kind(count(counts, kind), known.bytes() / known.keys() * count(counts, kind)));
    return looked;
  }

  private static int count(Map<String, Integer> counts, String kind) {
    return counts.getOrDefault(kind, 0);
  }

  private static String kind(String key) {
    String[] parts = key.split(":", 3);
    return parts.length < 3 ? key : parts[0] + ":" + (isState(parts[1]) ? parts[1] : parts[1] + ":" + parts[2]);
  }

  /** There is one for each user or order, while a group has one of the others. */
  private static boolean isState(String name) {
    return !List.of("handled", "retry", "due", "dead", "consumers", "checkpoint").contains(name);
  }
}
