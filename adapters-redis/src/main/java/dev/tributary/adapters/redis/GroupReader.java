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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads new entries of all partitions for one consumer, on a connection of its own that may block. For one thread, but for {@link #unblock}. */
final class GroupReader implements NewEntries {

  private static final long NOT_CONNECTED = 0;

  static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);
  /** Where only some streams can be read at a time: how long until each has had its turn. */
  private static final Duration LOOKED_AT_ALL_WITHIN = Duration.ofMillis(100);
  /** The same for so many streams while some are known to have more; for very many, {@link #LOOKED_AT_ALL_WITHIN}. */
  private static final Duration LOOKED_AT_64_BESIDE_BUSY_WITHIN = Duration.ofMillis(20);
  /** However few may be read at a time: a look that brings nothing is a round trip, and the busy ones wait meanwhile. */
  private static final Duration LOOKS_APART = Duration.ofMillis(2);
  /** Read from a busy stream at once, where as many may be read: what stands together is committed together. */
  private static final int OF_EACH_BUSY = 32;

  private final Connections connections;
  private final List<Keys> partitions;
  private final Group group;
  private final Consumer<String> consumer;
  private final Duration lookedAtAllBesideBusyWithin;
  private @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile long clientId = NOT_CONNECTED;
  private int turn;
  /** Streams that gave as much as they were asked for, those next in turn first. Empty where there is one partition. */
  private final Set<String> busy = new LinkedHashSet<>();
  private long looked = System.nanoTime();
  private boolean groupExists;
  private boolean groupExisted;

  /** An entry, and the stream that it stands in. */
  record Read(String stream, Delivered delivered) {}

  GroupReader(Connections connections, List<Keys> partitions, Group group, String consumer) {
    this.connections = connections;
    this.partitions = partitions;
    this.group = group;
    this.consumer = Consumer.from(group.name(), consumer);
    Duration within = LOOKED_AT_64_BESIDE_BUSY_WITHIN.multipliedBy(Math.max(1, partitions.size() / 64));
    this.lookedAtAllBesideBusyWithin = within.compareTo(LOOKED_AT_ALL_WITHIN) < 0 ? within : LOOKED_AT_ALL_WITHIN;
  }

  /**
   * Makes sure that the group is there. One that is new starts at the first entry, so that it misses nothing that was published before it; one
   * that had vanished, at its last checkpoint.
   *
   * @throws StoreUnavailableException if Redis does not answer
   */
  @Override
  public List<Joining.Gap> ensureGroup() {
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
  @Override
  public boolean doubts() {
    return !groupExists;
  }

  /** Whatever failed, the group may be gone: look again before the next read. */
  @Override
  public void doubt() {
    groupExists = false;
  }

  @Override
  public boolean serves(String stream) {
    return true;
  }

  @Override
  public void spare(String stream, StoreUnavailableException failure) {
    throw failure;
  }

  /**
   * Looks at all partitions; those that have more than that brought are read from in between, many entries at a time.
   *
   * @param limit how many at most
   * @param block how long to wait for the first, at most {@link #LONGEST_BLOCK}
   * @throws StoreUnavailableException if Redis does not answer; what it may have sent comes again when its lease has run out
   */
  @Override
  public List<Read> read(int limit, Duration block) {
    int streams = Math.min(limit, partitions.size());
    try {
      return busy.isEmpty() || isTimeToLook(streams) ? look(streams, limit, block) : readBusy(limit);
    } catch (StoreUnavailableException e) {
      if (RedisFailure.isNoAnswer(e)) {
        disconnect();
      }
      throw e;
    }
  }

  private boolean isTimeToLook(int streams) {
    Duration share = share(lookedAtAllBesideBusyWithin, streams);
    Duration apart = share.compareTo(LOOKS_APART) < 0 ? LOOKS_APART : share;
    return System.nanoTime() - looked >= apart.toNanos();
  }

  /** Of the time in which all have their turn, the part for so many. */
  private Duration share(Duration ofAll, int streams) {
    return ofAll.multipliedBy(streams).dividedBy(partitions.size());
  }

  private List<Read> look(int streams, int limit, Duration block) {
    looked = System.nanoTime();
    // COUNT is for each stream.
    int count = limit / streams;
    XReadArgs arguments = XReadArgs.Builder.count(count);
    if (busy.isEmpty()) {
      Duration share = share(LOOKED_AT_ALL_WITHIN, streams);
      Duration atMost = streams < partitions.size() && block.compareTo(share) > 0 ? share : block;
      arguments.block(Math.max(1, atMost.toMillis()));
    }
    return read(arguments, count, next(streams));
  }

  private List<Read> readBusy(int limit) {
    List<String> next = busy.stream().limit(Math.max(1, limit / OF_EACH_BUSY)).toList();
    int count = limit / next.size();
    return read(XReadArgs.Builder.count(count), count, next);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private List<Read> read(XReadArgs arguments, int count, List<String> streams) {
    XReadArgs.StreamOffset<String>[] offsets = streams.stream()
        .map(XReadArgs.StreamOffset::lastConsumed)
        .toArray(XReadArgs.StreamOffset[]::new);
    List<Read> found = connections.counted(connection().async().xreadgroup(consumer, arguments, offsets))
        .stream()
        .map(GroupReader::delivered)
        .toList();
    if (partitions.size() > 1) {
      note(streams, count, found);
    }
    return found;
  }

  private void note(List<String> streams, int count, List<Read> found) {
    Map<String, Long> counts = found.stream().collect(Collectors.groupingBy(Read::stream, Collectors.counting()));
    busy.removeAll(streams);
    streams.stream().filter(stream -> counts.getOrDefault(stream, 0L) >= count).forEach(busy::add);
  }

  /** All of them; where fewer may be read than there are, each has its turn. */
  private List<String> next(int streams) {
    List<String> next = IntStream.range(turn, turn + streams)
        .mapToObj(i -> partitions.get(i % partitions.size()).stream())
        .toList();
    turn = (turn + streams) % partitions.size();
    return next;
  }

  static Read delivered(StreamMessage<String, byte[]> message) {
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
  @Override
  public void unblock() {
    try {
      connections.ask(redis -> redis.clientUnblock(clientId, UnblockType.TIMEOUT));
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
