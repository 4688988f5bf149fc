package dev.tributary.adapters.redis;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What a URL leads to: one server, or a cluster. */
sealed interface Server extends AutoCloseable permits OneServer, Cluster {

  CompletionStage<Link> connect();

  /** Sends what has to go over one connection together, to the server that owns a key. */
  <T> CompletionStage<T> atOwner(Link link, String key,
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> commands);

  /** Those that hold data. */
  List<Member> members(Link link);

  /** An answer did not come, or was that of a server which is no longer the one to ask. Returns at once. */
  void doubt();

  @Override
  void close();
}
