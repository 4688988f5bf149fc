package dev.tributary.faults;

import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A market on a Redis of its own, which may be killed. */
final class World extends Market {

  private final Path data;
  private final int port;
  private volatile RedisServer redis;

  /** @param extra settings of every process, beside those that lead to Redis and the witness */
  World(Path data, Map<String, String> extra) throws IOException, InterruptedException {
    this(RedisServer.start(RedisServerSettings.in(data)), data, extra);
  }

  private World(RedisServer redis, Path data, Map<String, String> extra) throws IOException {
    super(redis.url(), extra);
    this.data = data;
    this.redis = redis;
    this.port = redis.port();
  }

  RedisServer redis() {
    return redis;
  }

  void killRedis() throws InterruptedException {
    redis.kill();
  }

  void startRedis() throws IOException, InterruptedException {
    redis = RedisServer.start(RedisServerSettings.in(data).onPort(port));
  }

  @Override
  public void close() throws IOException {
    super.close();
    redis.close();
  }
}
