package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Partitioning;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;

/** On one server. */
final class RedisHarness extends StoreHarness {

  private final TestRedis server = TestRedis.shared();
  private Raw raw = new Raw(server.url());

  RedisHarness(Partitioning partitioning) {
    super(partitioning);
    raw.redis().flushall();
  }

  static RedisSettings settings() {
    return settings(TestRedis.shared().productUrl(), NodeSettings.DEFAULT, Partitioning.ONE);
  }

  Raw raw() {
    return raw;
  }

  @Override
  RedisCommands<String, String> redis() {
    return raw.redis();
  }

  @Override
  RedisAsyncCommands<String, String> later() {
    return raw.later();
  }

  @Override
  String url() {
    return server.productUrl();
  }

  @Override
  public void restartStore() {
    raw.close();
    server.restart();
    raw = new Raw(server.url());
  }

  @Override
  public long connections() {
    return raw.ours();
  }

  @Override
  public void close() {
    raw.close();
  }
}
