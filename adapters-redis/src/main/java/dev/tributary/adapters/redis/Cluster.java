package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A Redis Cluster. Commands follow their keys, also when a slot moves or a replica takes over: a redirected command was not carried out before.
 * Each node has a connection of its own, so that one that is away holds up nobody else's commands.
 */
final class Cluster implements Server {

  private static final Duration LOOKED_AT_AGAIN_AFTER = Duration.ofMillis(500);
  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(10);
  private static final Duration WARM_AFTER = Duration.ofMillis(50);
  private static final int MOST_REDIRECTIONS = 5;

  private final RedisClusterClient client;
  private final AtomicLong doubted = new AtomicLong(System.nanoTime() - LOOKED_AT_AGAIN_AFTER.toNanos());
  private volatile boolean connected;

  Cluster(ClientResources resources, List<RedisURI> servers, ClientOptions unclustered) {
    client = RedisClusterClient.create(resources, servers);
    client.setOptions(ClusterClientOptions.builder(unclustered)
        .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
            .adaptiveRefreshTriggersTimeout(LOOKED_AT_AGAIN_AFTER)
            .enablePeriodicRefresh(LOOKED_AT_EVERY)
            .build())
        .maxRedirects(MOST_REDIRECTIONS)
        // A redirection may name a node that is new.
        .validateClusterNodeMembership(false)
        // Nobody waits for a connection to a node that the others hold for dead.
        .nodeFilter(node -> !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.NOADDR))
        .build());
  }

  @Override
  public CompletionStage<Link> connect() {
    return connectAll().thenApply(Link::of);
  }

  CompletionStage<StatefulRedisClusterConnection<String, byte[]>> connectAll() {
    // The client wants to know the nodes first.
    CompletionStage<?> known = connected ? CompletableFuture.completedStage(true) : client.refreshPartitionsAsync();
    return known.thenCompose(_ -> client.connectAsync(Connections.CODEC)).thenCompose(connection -> {
      connected = true;
      return warm(connection);
    });
  }

  /**
   * Lettuce tells that a node is connected a moment before it takes commands, and refuses the first. Nobody waits for a node that is away: it is
   * connected to when it is needed.
   */
  private static CompletionStage<StatefulRedisClusterConnection<String, byte[]>> warm(
      StatefulRedisClusterConnection<String, byte[]> connection) {
    CompletableFuture<?>[] nodes = masters(connection).stream()
        .map(node -> node(connection, node).toCompletableFuture().handle((_, _) -> true))
        .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(nodes)
        .thenApplyAsync(_ -> connection,
            CompletableFuture.delayedExecutor(WARM_AFTER.toMillis(), TimeUnit.MILLISECONDS));
  }

  static List<RedisClusterNode> masters(StatefulRedisClusterConnection<String, byte[]> connection) {
    return connection.getPartitions()
        .stream()
        .filter(node -> node.getRole().isUpstream() && !node.hasNoSlots())
        .toList();
  }

  static CompletionStage<StatefulRedisConnection<String, byte[]>> node(
      StatefulRedisClusterConnection<String, byte[]> connection, RedisClusterNode node) {
    return connection.getConnectionAsync(node.getUri().getHost(), node.getUri().getPort());
  }

  @Override
  public List<Member> members(Link link) {
    StatefulRedisClusterConnection<String, byte[]> connection = all(link);
    return masters(connection).stream()
        .map(node -> new Member(node.getUri().getHost() + ":" + node.getUri().getPort(),
            key -> node.hasSlot(SlotHash.getSlot(key)),
            () -> node(connection, node).thenApply(StatefulRedisConnection::async)))
        .toList();
  }

  private static StatefulRedisClusterConnection<String, byte[]> all(Link link) {
    return (StatefulRedisClusterConnection<String, byte[]>) link.connection();
  }

  @Override
  public <T> CompletionStage<T> atOwner(Link link, String key,
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> commands) {
    StatefulRedisClusterConnection<String, byte[]> connection = all(link);
    RedisClusterNode owner = connection.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
    if (owner == null) {
      doubt();
      return CompletableFuture.failedStage(new StoreUnavailableException("Redis has no master for this partition"));
    }
    return redirected(node(connection, owner).thenCompose(node -> commands.apply(node.async())), connection, commands,
        MOST_REDIRECTIONS);
  }

  private <T> CompletionStage<T> redirected(CompletionStage<T> reply,
      StatefulRedisClusterConnection<String, byte[]> connection,
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> commands, int left) {
    return reply.exceptionallyCompose(failure -> {
      Throwable cause = failure instanceof CompletionException && failure.getCause() != null
          ? failure.getCause()
          : failure;
      String[] words = String.valueOf(cause.getMessage()).split(" ", -1);
      boolean asks = words[0].equals("ASK");
      if (left == 0 || words.length != 3 || !(asks || words[0].equals("MOVED"))) {
        return CompletableFuture.failedStage(failure);
      }
      if (!asks) {
        doubt();
      }
      int colon = words[2].lastIndexOf(':');
      CompletionStage<T> next = connection
          .getConnectionAsync(words[2].substring(0, colon), Integer.parseInt(words[2].substring(colon + 1)))
          .thenCompose(node -> {
            RedisAsyncCommands<String, byte[]> redis = node.async();
            // Where another command comes between, ours is redirected once more.
            return asks ? redis.asking().thenCompose(_ -> commands.apply(redis)) : commands.apply(redis);
          });
      return redirected(next, connection, commands, left - 1);
    });
  }

  /** Looks at who owns what, but not all the time. */
  @Override
  public void doubt() {
    long last = doubted.get();
    if (connected && System.nanoTime() - last > LOOKED_AT_AGAIN_AFTER.toNanos()
        && doubted.compareAndSet(last, System.nanoTime())) {
      var _ = client.refreshPartitionsAsync();
    }
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
