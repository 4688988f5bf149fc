package dev.tributary.adapters.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One server, or the one that sentinels name. */
final class OneServer implements Server {

  private final RedisClient client;
  private final RedisURI uri;

  OneServer(ClientResources resources, RedisURI uri, ClientOptions options) {
    this.uri = uri;
    client = RedisClient.create(resources, uri);
    client.setOptions(options);
  }

  CompletionStage<StatefulRedisConnection<String, byte[]>> connectAlone() {
    return client.connectAsync(Connections.CODEC, uri);
  }

  @Override
  public CompletionStage<Link> connect() {
    return connectAlone().thenApply(Link::of);
  }

  @Override
  public <T> CompletionStage<T> atOwner(Link link, String key,
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> commands) {
    return commands.apply(link.commands());
  }

  @Override
  public List<Member> members(Link link) {
    return List.of(new Member("", _ -> true, () -> CompletableFuture.completedStage(link.commands())));
  }

  @Override
  public void doubt() {
    // The connection is doubted, and made anew.
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
