package dev.tributary.adapters.redis;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;

/** A plain client, as anybody has one: to look, to write what others write, and to break things. */
final class Raw implements AutoCloseable {

  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;

  Raw(String url) {
    client = RedisClient.create(url);
    try {
      connection = client.connect();
    } catch (RuntimeException refused) {
      close();
      throw refused;
    }
  }

  RedisCommands<String, String> redis() {
    return connection.sync();
  }

  /** For many commands at once. */
  RedisAsyncCommands<String, String> later() {
    return connection.async();
  }

  /** Connections that call themselves ours. */
  long ours() {
    return redis().clientList().lines().filter(line -> line.contains("name=tributary")).count();
  }

  void cutOthers() {
    redis().clientKill(KillArgs.Builder.typeNormal().skipme(true));
  }

  /** Makes or replaces a user. */
  void setUser(String name, List<String> rights) {
    var encoded = new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add(name).add("reset");
    rights.forEach(encoded::add);
    redis().dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), encoded);
  }

  /** Whatever may write waits, scripts too; until {@link #goOn}, or 20 s. */
  void pauseWrites() {
    client("PAUSE", "20000", "WRITE");
  }

  void goOn() {
    client("UNPAUSE");
  }

  private void client(String... arguments) {
    var encoded = new CommandArgs<>(StringCodec.UTF8);
    List.of(arguments).forEach(encoded::add);
    redis().dispatch(CommandType.CLIENT, new StatusOutput<>(StringCodec.UTF8), encoded);
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
