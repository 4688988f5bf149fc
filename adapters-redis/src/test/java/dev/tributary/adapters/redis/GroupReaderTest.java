package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.user.UserEvent;
import io.lettuce.core.RedisFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How entries of many partitions are read: all are found, and a busy one is not read entry by entry. */
class GroupReaderTest {

  private static final Partitioning PARTITIONING = new Partitioning(64);
  private static final List<Keys> PARTITIONS = IntStream.range(0, PARTITIONING.count())
      .mapToObj(number -> Keys.of(UserEvent.TOPIC, number, PARTITIONING))
      .toList();
  private static final Group GROUP = new Group("reader-group");
  private static final int LIMIT = 64;
  private static final Duration BLOCK = Duration.ofMillis(20);

  private Raw raw;
  private Connections connections;
  private GroupReader reader;

  @BeforeEach
  void start() {
    raw = new Raw(TestRedis.shared().url());
    raw.redis().flushall();
    connections = new Connections(TestRedis.shared().productUrl(), DeliveryMonitor.NONE, 0,
        new PartitionsCheck(PARTITIONING, true));
    reader = new GroupReader(connections, PARTITIONS, GROUP, "reader");
    assertThat(reader.ensureGroup()).isEmpty();
  }

  @AfterEach
  void stop() {
    reader.close();
    connections.close();
    raw.close();
  }

  @Test
  void one_busy_partition_of_many_is_read_many_entries_at_a_time() {
    append(7, 1_000);
    assertThat(readUntilFound(1_000, LIMIT)).as("reads").isLessThan(200);
  }

  @Test
  void others_have_their_turn_beside_a_busy_one() {
    append(7, 1_000);
    append(8, 1);
    append(63, 1);
    var streams = new HashSet<String>();
    for (int reads = 0; reads < 2; reads++) {
      reader.read(LIMIT, BLOCK).forEach(read -> streams.add(read.stream()));
    }
    assertThat(streams).contains(stream(7), stream(8), stream(63));
  }

  @Test
  void all_are_found_however_few_may_be_read_at_once() {
    append(0, 30);
    append(33, 30);
    append(63, 30);
    int _ = readUntilFound(90, 5);
    assertThat(reader.read(5, BLOCK)).isEmpty();
  }

  @Test
  void never_more_than_may_be_read() {
    for (int partition = 0; partition < PARTITIONS.size(); partition++) {
      append(partition, 20);
    }
    for (int limit : List.of(1, 3, 17, LIMIT, 100, LIMIT)) {
      assertThat(reader.read(limit, BLOCK)).as("read of %s", limit).isNotEmpty().hasSizeLessThanOrEqualTo(limit);
    }
  }

  private int readUntilFound(int entries, int limit) {
    int reads = 0;
    var ids = new HashSet<String>();
    while (ids.size() < entries && reads < 10 * entries) {
      reader.read(limit, BLOCK).forEach(read -> assertThat(ids.add(read.stream() + read.delivered().lease())).isTrue());
      reads++;
    }
    assertThat(ids).hasSize(entries);
    return reads;
  }

  private void append(int partition, int count) {
    var replies = new ArrayList<RedisFuture<String>>();
    for (int i = 0; i < count; i++) {
      replies.add(raw.later().xadd(stream(partition), Map.of("event", "{}")));
    }
    replies.forEach(reply -> assertThat(connections.await(reply)).isNotEmpty());
  }

  private static String stream(int partition) {
    return PARTITIONS.get(partition).stream();
  }
}
