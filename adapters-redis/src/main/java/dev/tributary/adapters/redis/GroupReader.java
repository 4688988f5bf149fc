package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.Group;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.UnblockType;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads new entries of all partitions for one consumer, on a connection of its own that may block. For one thread, but for {@link #unblock}. */
final class GroupReader implements AutoCloseable {

  private static final long NOT_CONNECTED = 0;

  static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);
  /** Where only some streams can be read at a time: how long until each has had its turn. */
  private static final Duration LOOKED_AT_ALL_WITHIN = Duration.ofMillis(100);

  private final Connections connections;
  private final List<Keys> partitions;
  private final Group group;
  private final Consumer<String> consumer;
  private @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile long clientId = NOT_CONNECTED;
  private int turn;
  private boolean groupExists;
  private boolean groupExisted;

  /** An entry, and the stream that it stands in. */
  record Read(String stream, Delivered delivered) {}

  GroupReader(Connections connections, List<Keys> partitions, Group group, String consumer) {
    this.connections = connections;
    this.partitions = partitions;
    this.group = group;
    this.consumer = Consumer.from(group.name(), consumer);
  }

  /**
   * Makes sure that the group is there. One that is new starts at the first entry, so that it misses nothing that was published before it; one
   * that had vanished, at its last checkpoint.
   *
   * @throws StoreUnavailableException if Redis does not answer
   */
  List<Joining.Gap> ensureGroup() {
    if (groupExists) {
      return List.of();
    }
    var joining = new Joining(connections, group, consumer.getName());
    List<Joining.Gap> gaps = partitions.stream()
        .flatMap(keys -> joining.join(keys, groupExisted).stream())
        .toList();
    groupExists = true;
    groupExisted = true;
    return gaps;
  }

  /** Whether the group's existence was not yet seen, or has to be looked at again. */
  boolean doubts() {
    return !groupExists;
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
  List<Read> read(int limit, Duration block) {
    // COUNT is for each stream.
    int streams = Math.min(limit, partitions.size());
    Duration atMost = streams < partitions.size() && block.compareTo(LOOKED_AT_ALL_WITHIN) > 0
        ? LOOKED_AT_ALL_WITHIN.multipliedBy(streams).dividedBy(partitions.size())
        : block;
    XReadArgs arguments = XReadArgs.Builder.count(limit / streams).block(Math.max(1, atMost.toMillis()));
    try {
      return read(arguments, next(streams)).stream().map(GroupReader::delivered).toList();
    } catch (StoreUnavailableException e) {
      if (Connections.isNoAnswer(e)) {
        disconnect();
      }
      throw e;
    }
  }

  @SuppressWarnings("unchecked")
  private List<StreamMessage<String, byte[]>> read(XReadArgs arguments, XReadArgs.StreamOffset<String>[] streams) {
    return connections.counted(connection().async().xreadgroup(consumer, arguments, streams));
  }

  /** All of them; where fewer may be read than there are, each has its turn. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private XReadArgs.StreamOffset<String>[] next(int streams) {
    XReadArgs.StreamOffset<String>[] next = IntStream.range(turn, turn + streams)
        .mapToObj(i -> XReadArgs.StreamOffset.lastConsumed(partitions.get(i % partitions.size()).stream()))
        .toArray(XReadArgs.StreamOffset[]::new);
    turn = (turn + streams) % partitions.size();
    return next;
  }

  private static Read delivered(StreamMessage<String, byte[]> message) {
    return new Read(message.getStream(),
        new Delivered(new Lease(message.getId(), 1), new Entry(message.getId(), message.getBody()), 0));
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
      clientId = connections.counted(open.async().clientId());
    }
    return open;
  }

  /** Ends a read that blocks, without losing what it reads. Any thread may call it. */
  void unblock() {
    try {
      connections.await(connections.shared().clientUnblock(clientId, UnblockType.TIMEOUT));
    } catch (StoreUnavailableException _) {
      // It ends by itself, after LONGEST_BLOCK.
    }
  }

  /** Replies that come after all would be taken for those to later reads. */
  private void disconnect() {
    StatefulRedisConnection<String, byte[]> open = connection;
    connection = null;
    clientId = NOT_CONNECTED;
    if (open != null) {
      var _ = open.closeAsync();
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
