package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.Group;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.UnblockType;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads new entries for one consumer, on a connection of its own that may block. For one thread, but for {@link #unblock}. */
final class GroupReader implements AutoCloseable {

  private static final long NOT_CONNECTED = 0;

  static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);

  private final Connections connections;
  private final String stream;
  private final Group group;
  private final Consumer<String> consumer;
  private @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile long clientId = NOT_CONNECTED;
  private boolean groupExists;

  GroupReader(Connections connections, String stream, Group group, String consumer) {
    this.connections = connections;
    this.stream = stream;
    this.group = group;
    this.consumer = Consumer.from(group.name(), consumer);
  }

  /**
   * Makes sure that the group is there; it starts at the first entry, so that it misses nothing that was published before it.
   *
   * @throws StoreUnavailableException if Redis does not answer
   */
  void ensureGroup() {
    if (groupExists) {
      return;
    }
    try {
      Connections.await(connections.shared()
          .xgroupCreate(XReadArgs.StreamOffset.from(stream, "0"), group.name(),
              XGroupCreateArgs.Builder.mkstream()));
    } catch (StoreUnavailableException e) {
      if (!Connections.says(e, "BUSYGROUP")) {
        throw e;
      }
    }
    groupExists = true;
  }

  /** Whatever failed, the group may be gone: look again before the next read. */
  void doubt() {
    groupExists = false;
  }

  /**
   * @param limit how many at most
   * @param block how long to wait for the first, at most {@link #LONGEST_BLOCK}
   * @throws StoreUnavailableException if Redis does not answer; what it may have sent comes again when its lease has run out
   */
  @SuppressWarnings("unchecked")
  List<Delivered> read(int limit, Duration block) {
    XReadArgs arguments = XReadArgs.Builder.count(limit).block(Math.max(1, block.toMillis()));
    List<StreamMessage<String, byte[]>> messages = Connections
        .await(connection().async().xreadgroup(consumer, arguments, XReadArgs.StreamOffset.lastConsumed(stream)));
    return messages.stream().map(GroupReader::delivered).toList();
  }

  private static Delivered delivered(StreamMessage<String, byte[]> message) {
    return new Delivered(new Lease(message.getId(), 1), new Entry(message.getId(), message.getBody()), 0);
  }

  private StatefulRedisConnection<String, byte[]> connection() {
    StatefulRedisConnection<String, byte[]> open = connection;
    if (open == null) {
      open = connections.blocking(LONGEST_BLOCK);
      open.addListener(new RedisConnectionStateListener() {
        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
          clientId = NOT_CONNECTED;
        }
      });
      connection = open;
    }
    if (clientId == NOT_CONNECTED) {
      clientId = Connections.await(open.async().clientId());
    }
    return open;
  }

  /** Ends a read that blocks, without losing what it reads. Any thread may call it. */
  void unblock() {
    try {
      Connections.await(connections.shared().clientUnblock(clientId, UnblockType.TIMEOUT));
    } catch (StoreUnavailableException _) {
      // It ends by itself, after LONGEST_BLOCK.
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
