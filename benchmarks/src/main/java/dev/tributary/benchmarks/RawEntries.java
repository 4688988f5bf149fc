package dev.tributary.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;

/**
 * Entries as our publisher writes them, written by the server itself: millions would take a client too long. Of one partition; the group is made at
 * their beginning.
 */
final class RawEntries implements AutoCloseable {

  /** Some tens of ms for each call. */
  private static final int AT_ONCE = 20_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String ADD = """
      for number = tonumber(ARGV[1]), tonumber(ARGV[1]) + tonumber(ARGV[2]) - 1 do
        local user = 'raw-' .. number
        redis.call('XADD', KEYS[1], '*', 'id', string.format('00000000-0000-4000-8000-%012d', number), 'type', 'user_created',
          'key', user, 'timestamp', '1700000000000', 'event', '{"type":"user_created","userId":"' .. user .. '","email":"' .. user
          .. '@example.com","name":"Ada","timestamp":1700000000000}')
      end
      """;
  /** In the same step, so that nobody else gets them: they become pending, and due at a time where one is given. */
  private static final String TAKE = """
      local read = redis.call('XREADGROUP', 'GROUP', ARGV[3], ARGV[4], 'COUNT', ARGV[2], 'STREAMS', KEYS[1], '>')
      for _, entry in ipairs(read[1][2]) do
        if ARGV[5] ~= '' then
          redis.call('ZADD', KEYS[2], ARGV[5], entry[1])
          redis.call('HSET', KEYS[3], entry[1], '1:1700000000000')
        end
      end
      """;

  private final RedisClient client;
  private final RedisCommands<String, String> redis;
  private int added;

  RawEntries(BenchRedis redis, int database) {
    client = RedisClient.create(redis.url(database));
    var connection = client.connect();
    connection.setTimeout(PATIENCE);
    this.redis = connection.sync();
    this.redis.flushdb();
    this.redis.eval("redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')", ScriptOutputType.STATUS,
        new String[]{Wire.USERS}, Wire.GROUP);
  }

  /** Appends entries that nobody has read. */
  void add(int count) {
    for (int left = count; left > 0; left -= AT_ONCE) {
      int now = Math.min(left, AT_ONCE);
      redis.eval(ADD, ScriptOutputType.STATUS, new String[]{Wire.USERS}, Integer.toString(added),
          Integer.toString(now));
      added += now;
    }
  }

  /** Appends entries that are in the hands of another consumer. */
  void addHeldBy(String consumer, int count) {
    addPending(consumer, count, "");
  }

  /** Appends entries that have failed once, in the hands of whoever holds such, and wait for their retry. */
  void addRetriedBy(String holder, int count, long dueMillis) {
    addPending(holder, count, Long.toString(dueMillis));
  }

  private void addPending(String consumer, int count, String due) {
    for (int left = count; left > 0; left -= AT_ONCE) {
      int now = Math.min(left, AT_ONCE);
      redis.eval(ADD + TAKE, ScriptOutputType.STATUS,
          new String[]{Wire.USERS, "{" + Wire.USERS + "}:due:" + Wire.GROUP,
              "{" + Wire.USERS + "}:retry:" + Wire.GROUP},
          Integer.toString(added), Integer.toString(now), Wire.GROUP, consumer, due);
      added += now;
    }
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
