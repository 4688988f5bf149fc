package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis Cluster, and the loss of one of its masters. */
class ClusterTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration FAILED_OVER_WITHIN = Duration.ofSeconds(60);

  @TempDir
  private Path folder;

  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster(folder);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void partitions_on_several_masters_are_published_to_and_consumed() {
    Set<String> handled = ConcurrentHashMap.newKeySet();
    try (RedisMessaging messaging = open(8, 0)) {
      subscribe(messaging, handled);
      List<Recorded<UserEvent>> events = IntStream.range(0, 200).mapToObj(i -> created("u-" + i)).toList();
      messaging.publisher().publish(UserEvent.TOPIC, events);
      await().atMost(SOON).untilAsserted(() -> assertThat(handled).hasSize(200));
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      assertThat(messaging.operations().streams()).isNotEmpty();
      try (var tail = messaging.log().tail(UserEvent.TOPIC, Map.of(0, EntryId.START))) {
        assertThat(tail.next(SOON)).isNotEmpty();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Lettuce throws a NullPointerException where it is shut down meanwhile. */
  @Test
  void whoever_asks_while_all_is_closed_learns_that_the_store_is_away() throws Exception {
    var failures = new ConcurrentLinkedQueue<Throwable>();
    for (int round = 0; round < 10; round++) {
      var connections = new Connections(cluster.url(), DeliveryMonitor.NONE, 0);
      var asked = new CountDownLatch(8);
      List<Thread> asking = IntStream.range(0, 8).mapToObj(_ -> Thread.startVirtualThread(() -> {
        try {
          while (true) {
            var _ = connections.ask(redis -> redis.exists("user-events"));
            asked.countDown();
          }
        } catch (RuntimeException e) {
          failures.add(e);
        }
      })).toList();
      assertThat(asked.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      connections.close();
      for (Thread thread : asking) {
        assertThat(thread.join(SOON)).isTrue();
      }
    }
    assertThat(failures).hasSize(80).hasOnlyElementsOfType(StoreUnavailableException.class);
  }

  @Test
  void nothing_confirmed_is_lost_with_a_master_and_the_others_go_on() throws Exception {
    Set<String> handled = ConcurrentHashMap.newKeySet();
    Set<String> confirmed = ConcurrentHashMap.newKeySet();
    try (RedisMessaging messaging = open(8, 1)) {
      subscribe(messaging, handled);
      var publishing = Thread.ofVirtual().start(() -> publishOn(messaging, confirmed));
      await().atMost(SOON).until(() -> confirmed.size() > 100);
      cluster.server(0).kill();
      await().atMost(FAILED_OVER_WITHIN).until(() -> cluster.isMaster(TestCluster.MASTERS));
      // What counts needs a replica again.
      cluster.start(0);
      int before = confirmed.size();
      await().atMost(FAILED_OVER_WITHIN).until(() -> confirmed.size() > before + 500);
      publishing.interrupt();
      publishing.join();
      await().atMost(SOON).untilAsserted(() -> assertThat(handled).containsAll(confirmed));
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
    }
  }

  @Test
  void a_slot_moves_under_load_and_nothing_is_lost_or_handled_twice() throws Exception {
    Map<String, Integer> handled = new ConcurrentHashMap<>();
    Set<String> confirmed = ConcurrentHashMap.newKeySet();
    int slot = SlotHash.getSlot(Keys.of(UserEvent.TOPIC, 0, new Partitioning(8)).stream());
    int from = TestCluster.master(slot);
    try (RedisMessaging messaging = open(8, 0)) {
      messaging.subscriber().subscribe(spec(), delivery -> {
        handled.merge(delivery.event().userId().value(), 1, Integer::sum);
        return Outcome.SETTLED;
      });
      var publishing = Thread.ofVirtual().start(() -> publishOn(messaging, confirmed));
      await().atMost(SOON).until(() -> confirmed.size() > 100);
      cluster.move(slot, from, (from + 1) % TestCluster.MASTERS);
      int before = confirmed.size();
      await().atMost(SOON).until(() -> confirmed.size() > before + 100);
      publishing.interrupt();
      publishing.join();
      await().atMost(SOON).untilAsserted(() -> assertThat(handled.keySet()).containsAll(confirmed));
      assertThat(handled.values()).containsOnly(1);
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
    }
  }

  @Test
  void a_partition_whose_slot_nobody_has_is_said_to_be_ill() throws Exception {
    String stream = Keys.of(UserEvent.TOPIC, 0, new Partitioning(8)).stream();
    int slot = SlotHash.getSlot(stream);
    int owner = TestCluster.master(slot);
    try (RedisMessaging messaging = open(8, 0)) {
      // Not at the first look: it connects to all nodes, and answers for those that are too slow for it.
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      // Its master first, who would tell the others that he has it.
      for (int i = 0; i < 2 * TestCluster.MASTERS; i++) {
        cluster.cluster((owner + i) % (2 * TestCluster.MASTERS), "DELSLOTS", Integer.toString(slot));
      }
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(messaging.health().problems()).anySatisfy(
              problem -> assertThat(problem).contains(stream)));
      for (int i = 0; i < TestCluster.MASTERS; i++) {
        cluster.cluster(i, "SETSLOT", Integer.toString(slot), "NODE", cluster.id(owner));
      }
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
    }
  }

  @Test
  void events_of_one_key_stay_in_order_when_a_replica_takes_over() throws Exception {
    Map<String, List<Integer>> handled = new ConcurrentHashMap<>();
    Set<String> confirmed = ConcurrentHashMap.newKeySet();
    try (RedisMessaging messaging = open(8, 1)) {
      messaging.subscriber().subscribe(spec().ordered(Ordering.PER_KEY), delivery -> {
        handled.computeIfAbsent(delivery.event().userId().value(), _ -> new CopyOnWriteArrayList<>())
            .add(Integer.valueOf(delivery.event().email().value().replaceAll("\\D", "")));
        return Outcome.SETTLED;
      });
      var publishing = Thread.ofVirtual().start(() -> publishOn(messaging, confirmed, i -> "k-" + i % 20));
      await().atMost(SOON).until(() -> confirmed.size() > 100);
      cluster.server(0).kill();
      await().atMost(FAILED_OVER_WITHIN).until(() -> cluster.isMaster(TestCluster.MASTERS));
      cluster.start(0);
      int before = confirmed.size();
      await().atMost(FAILED_OVER_WITHIN).until(() -> confirmed.size() > before + 300);
      publishing.interrupt();
      publishing.join();
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(handled.values().stream().flatMap(List::stream).map(i -> "k-" + i))
              .containsAll(confirmed));
      // What was settled on the lost master alone may come again.
      assertThat(handled.values()).allSatisfy(each -> assertThat(each.stream().distinct()).isSorted());
    }
  }

  private static void publishOn(RedisMessaging messaging, Set<String> confirmed) {
    publishOn(messaging, confirmed, i -> "k-" + i);
  }

  /** One after the other, each until it is stored. */
  private static void publishOn(RedisMessaging messaging, Set<String> confirmed, IntFunction<String> user) {
    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
      boolean stored = false;
      while (!stored && !Thread.currentThread().isInterrupted()) {
        try {
          messaging.publisher().publish(UserEvent.TOPIC, List.of(created("k-" + i, user.apply(i))));
          confirmed.add("k-" + i);
          stored = true;
        } catch (StoreUnavailableException _) {
          // Repeated, by its id.
        }
      }
    }
  }

  private static void subscribe(RedisMessaging messaging, Set<String> handled) {
    messaging.subscriber()
        .subscribe(spec(), delivery -> {
          handled.add(delivery.event().userId().value());
          return Outcome.SETTLED;
        });
  }

  private static SubscriptionSpec<UserCreated> spec() {
    return new SubscriptionSpec<>(UserEvent.TOPIC, new Group("group"), UserCreated.class);
  }

  private RedisMessaging open(int partitions, int replicas) {
    return RedisMessaging.open(new RedisSettings(cluster.url(), DeliverySettings.DEFAULTS, Retention.DEFAULT, replicas,
        new Partitioning(partitions)));
  }

  private static Recorded<UserEvent> created(String id) {
    return created(id, id);
  }

  private static Recorded<UserEvent> created(String id, String user) {
    return new Recorded<>(new EventId(UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8))),
        Instant.ofEpochMilli(1),
        new UserCreated(new UserId(user), new EmailAddress(id + "@example.com"), Optional.empty()));
  }
}
