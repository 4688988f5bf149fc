package dev.tributary.adapters.redis;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.Partitioning;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One connection that all threads share, and further ones for reads that block. A connection that was lost comes back by itself; what was
 * under way on it fails, and is never sent again behind our back: only its sender knows whether that is safe.
 */
final class Connections implements AutoCloseable {

  /** A reply that takes longer counts as lost. */
  static final Duration REPLY_WITHIN = Duration.ofSeconds(3);

  /** Well below what a reply may take: it must not make the connection look dead. */
  private static final Duration REPLICATED_WITHIN = Duration.ofSeconds(1);
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
  static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  private final ClientResources resources;
  private final Server server;
  private final DeliveryMonitor monitor;
  private final int replicas;
  private final PartitionsCheck partitions;
  private final SharedLink shared;
  /** WAIT holds up whatever comes behind it: loads and signs of life go their own way. */
  private final SharedLink committing;
  private volatile boolean closed;

  Connections(String url) {
    this(url, DeliveryMonitor.NONE, 0);
  }

  /**
   * @param monitor is told of every answer that did not come, and every error
   * @param replicas that must have a commit before it counts
   */
  Connections(String url, DeliveryMonitor monitor, int replicas) {
    this(url, monitor, replicas, new PartitionsCheck(Partitioning.ONE, true));
  }

  /**
   * @param monitor is told of every answer that did not come, and every error
   * @param replicas that must have a commit before it counts
   * @param partitions what a server has to pass before anything else is sent to it
   */
  Connections(String url, DeliveryMonitor monitor, int replicas, PartitionsCheck partitions) {
    this.monitor = monitor;
    this.replicas = replicas;
    this.partitions = partitions;
    Address address = Address.of(url);
    address.servers().forEach(uri -> {
      uri.setClientName("tributary");
      uri.setTimeout(REPLY_WITHIN);
    });
    ClientResources.Builder builder = DefaultClientResources.builder()
        .threadFactoryProvider(pool -> new DefaultThreadFactory("tributary-" + pool, true))
        .reconnectDelay(Delay.exponential(Duration.ofMillis(50), Duration.ofSeconds(1), 2, TimeUnit.MILLISECONDS));
    if (address.cluster()) {
      builder.nettyCustomizer(cutSilentNodes());
    }
    resources = builder.build();
    server = address.cluster()
        ? new Cluster(resources, address.servers(), options())
        : new OneServer(resources, address.servers().getFirst(), options());
    shared = new SharedLink(server, partitions);
    committing = new SharedLink(server, partitions);
  }

  private static ClientOptions options() {
    return ClientOptions.builder()
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands().connectionTimeout().build())
        .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_WITHIN).keepAlive(true).tcpNoDelay(true).build())
        .build();
  }

  /** Closing what all nodes share would cut those that are well. */
  private static NettyCustomizer cutSilentNodes() {
    return new NettyCustomizer() {
      @Override
      public void afterChannelInitialized(Channel channel) {
        channel.pipeline().addFirst(new Silence(REPLY_WITHIN));
      }
    };
  }

  /**
   * Waits for the connection. Not for the threads that bring the replies: they would wait for themselves.
   *
   * @throws StoreUnavailableException if it is not connected and cannot be now, or is closed
   */
  RedisClusterAsyncCommands<String, byte[]> shared() {
    return counted(whenShared());
  }

  /**
   * Connects at the first use, so that a process may start while Redis is away, and anew when the connection is no longer trusted.
   *
   * @throws StoreUnavailableException if it is closed
   */
  CompletionStage<RedisClusterAsyncCommands<String, byte[]>> whenShared() {
    return whenOpen(shared).thenApply(Link::commands);
  }

  /**
   * Sends a command, and waits for its reply. What fails in sending it counts as no answer, too: where a cluster's connection is closed meanwhile,
   * Lettuce throws a NullPointerException.
   *
   * @throws StoreUnavailableException if there is none, or an error; a write may have happened all the same
   */
  <T> T ask(Function<RedisClusterAsyncCommands<String, byte[]>, ? extends CompletionStage<T>> command) {
    return await(whenShared().thenCompose(command));
  }

  /**
   * Writes, and waits until as many replicas have it as the settings ask for. A write that too few have in time is there all the same, and may
   * be lost with the primary: repeat it. A repetition must write, too: WAIT looks at what came over its own connection.
   *
   * @param key one of those that it writes
   * @param write fails if the server refuses it
   * @return fails with a {@link StoreUnavailableException} if too few have it
   */
  <T> CompletionStage<T> commit(String key,
      Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> write) {
    if (replicas == 0) {
      return whenShared().thenCompose(write);
    }
    return whenOpen(committing).thenCompose(link -> server.atOwner(link, key,
        redis -> write.apply(redis).thenCompose(reply -> replicated(redis).thenApply(_ -> reply))));
  }

  /** Whether a commit counts only when replicas have it. */
  boolean waitsForReplicas() {
    return replicas > 0;
  }

  private CompletionStage<Long> replicated(RedisClusterAsyncCommands<String, byte[]> redis) {
    return redis.waitForReplication(replicas, REPLICATED_WITHIN.toMillis()).thenApply(count -> {
      if (count < replicas) {
        throw new StoreUnavailableException("Redis has it on " + count + " of " + replicas + " replicas");
      }
      return count;
    });
  }

  /** Those that hold data. Waits for the connection. */
  List<Member> members() {
    return server.members(counted(whenOpen(shared)));
  }

  boolean isCluster() {
    return server instanceof Cluster;
  }

  /** Looks whether the server is still ours to use, and does not wait for the answer. */
  void examine() {
    shared.examine();
    committing.examine();
  }

  /**
   * Waits for the server to show that it takes writes of ours; writes nothing.
   *
   * @throws StoreUnavailableException if it does not
   */
  void probe() {
    var _ = ask(partitions::passWriting);
  }

  /** Why the server is not ours to use; empty while it is, or is away. */
  Optional<String> refusal() {
    return partitions.refusal();
  }

  /**
   * A connection of the caller's own, for reads that block.
   *
   * @param longestBlock how long a read may block
   * @throws StoreUnavailableException if it cannot be had now
   */
  StatefulRedisConnection<String, byte[]> blocking(Duration longestBlock) {
    // Checks that the server is the right one.
    shared();
    if (!(server instanceof OneServer one)) {
      throw new IllegalStateException("no read that blocks spans a cluster");
    }
    StatefulRedisConnection<String, byte[]> connection = counted(one.connectAlone());
    connection.setTimeout(longestBlock.plus(REPLY_WITHIN));
    return connection;
  }

  /** @param prefix of all the streams that it shall ring for */
  Bell bell(String prefix, Set<String> streams) {
    return server instanceof Cluster cluster
        ? new ClusterBell(this, cluster, prefix, streams)
        : new TrackingBell(this, prefix, streams);
  }

  /** Lettuce itself fails late and oddly once it is shut down. */
  private CompletionStage<Link> whenOpen(SharedLink link) {
    if (closed) {
      throw closing();
    }
    return link.whenOpen();
  }

  private static StoreUnavailableException closing() {
    return new StoreUnavailableException("the connection to Redis is closed");
  }

  /**
   * Waits for a reply on a connection that is shared. One that does not come in time means that the connection is not to be trusted: replies that
   * come after all, or never, would be taken for those to later commands.
   *
   * @throws StoreUnavailableException if there is none, or an error; a write may have happened all the same
   */
  <T> T await(CompletionStage<T> reply) {
    try {
      return counted(reply);
    } catch (StoreUnavailableException e) {
      if (RedisFailure.isNoAnswer(e)) {
        server.doubt();
        if (!isCluster()) {
          shared.distrust();
          committing.distrust();
        }
      }
      throw e;
    }
  }

  /** As {@link #result}, and tells the monitor. */
  <T> T counted(CompletionStage<T> reply) {
    try {
      return result(reply);
    } catch (StoreUnavailableException e) {
      if (!closed) {
        RedisFailure.kindOf(e.getCause()).ifPresent(monitor::storeFailed);
      }
      throw e;
    }
  }

  /**
   * Waits for a reply on a connection of the caller's own.
   *
   * @throws StoreUnavailableException if there is none, or an error; a write may have happened all the same
   */
  static <T> T result(CompletionStage<T> reply) {
    try {
      return reply.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw RedisFailure.unavailable(e.getCause() == null ? e : e.getCause());
    } catch (CancellationException e) {
      throw RedisFailure.unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while waiting for Redis", e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    shared.giveUp(closing());
    committing.giveUp(closing());
    server.close();
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
