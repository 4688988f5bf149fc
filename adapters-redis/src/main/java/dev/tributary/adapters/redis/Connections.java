package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection that all threads share, and further ones for reads that block. A connection that was lost comes back by itself; what was
 * under way on it fails, and is never sent again behind our back: only its sender knows whether that is safe.
 */
final class Connections implements AutoCloseable {

  /** A reply that takes longer counts as lost. */
  static final Duration REPLY_WITHIN = Duration.ofSeconds(3);

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
  private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  private final ClientResources resources;
  private final RedisClient client;
  private final ReentrantLock connecting = new ReentrantLock();
  private volatile @Nullable StatefulRedisConnection<String, byte[]> shared;
  private volatile boolean closed;

  Connections(String url) {
    RedisURI uri = RedisURI.create(url);
    uri.setClientName("tributary");
    uri.setTimeout(REPLY_WITHIN);
    resources = DefaultClientResources.builder()
        .threadFactoryProvider(pool -> new DefaultThreadFactory("tributary-" + pool, true))
        .reconnectDelay(Delay.exponential(Duration.ofMillis(50), Duration.ofSeconds(1), 2, TimeUnit.MILLISECONDS))
        .build();
    client = RedisClient.create(resources, uri);
    client.setOptions(ClientOptions.builder()
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands().connectionTimeout().build())
        .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_WITHIN).keepAlive(true).tcpNoDelay(true).build())
        .build());
  }

  /** @throws StoreUnavailableException if it was never connected and cannot be now, or is closed */
  RedisAsyncCommands<String, byte[]> shared() {
    requireOpen();
    StatefulRedisConnection<String, byte[]> connection = shared;
    return (connection == null ? connectShared() : connection).async();
  }

  /** Connects at the first use, so that a process may start while Redis is away. */
  private StatefulRedisConnection<String, byte[]> connectShared() {
    connecting.lock();
    try {
      StatefulRedisConnection<String, byte[]> connection = shared;
      if (connection == null) {
        connection = connect(REPLY_WITHIN);
        shared = connection;
      }
      return connection;
    } finally {
      connecting.unlock();
    }
  }

  /**
   * A connection of the caller's own, for reads that block.
   *
   * @param longestBlock how long a read may block
   * @throws StoreUnavailableException if it cannot be had now
   */
  StatefulRedisConnection<String, byte[]> blocking(Duration longestBlock) {
    return connect(longestBlock.plus(REPLY_WITHIN));
  }

  private StatefulRedisConnection<String, byte[]> connect(Duration timeout) {
    requireOpen();
    try {
      StatefulRedisConnection<String, byte[]> connection = client.connect(CODEC);
      connection.setTimeout(timeout);
      return connection;
    } catch (RedisException e) {
      throw unavailable(e);
    }
  }

  /** Lettuce itself fails late and oddly once it is shut down. */
  private void requireOpen() {
    if (closed) {
      throw new StoreUnavailableException("the connection to Redis is closed");
    }
  }

  /**
   * Waits for a reply.
   *
   * @throws StoreUnavailableException if there is none, or an error; a write may have happened all the same
   */
  static <T> T await(CompletionStage<T> reply) {
    try {
      return reply.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw unavailable(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while waiting for Redis", e);
    }
  }

  /** In our own words, which a client may see; the server's are in the cause. */
  static StoreUnavailableException unavailable(Throwable cause) {
    return cause instanceof StoreUnavailableException known
        ? known
        : new StoreUnavailableException("Redis " + words(cause), cause);
  }

  private static String words(Throwable cause) {
    return switch (cause) {
      case RedisCommandTimeoutException _ -> "does not answer in time";
      case RedisLoadingException _ -> "is loading its data";
      case RedisReadOnlyException _ -> "is read-only";
      case RedisBusyException _ -> "is busy with a script";
      case RedisCommandExecutionException error -> words(String.valueOf(error.getMessage()));
      default -> "cannot be reached";
    };
  }

  private static String words(String error) {
    int blank = error.indexOf(' ');
    return switch (blank < 0 ? error : error.substring(0, blank)) {
      case "OOM" -> "has no memory left";
      case "MISCONF" -> "cannot write to its disk";
      case "NOAUTH", "WRONGPASS" -> "does not take our password";
      case "NOPERM" -> "does not give us the rights we need";
      case "NOGROUP" -> "has lost the group";
      default -> "answers with an error";
    };
  }

  /** @param code an error's first word, as Redis sends it */
  static boolean says(StoreUnavailableException failure, String code) {
    Throwable cause = failure.getCause();
    return cause != null && cause.getMessage() != null && cause.getMessage().startsWith(code);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
