package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
      assertThat(messaging.health().problems()).isEmpty();
      assertThat(messaging.operations().streams()).isNotEmpty();
      try (var tail = messaging.log().tail(UserEvent.TOPIC, 0, EntryId.START)) {
        assertThat(tail.next(SOON)).isNotEmpty();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
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

  private static void publishOn(RedisMessaging messaging, Set<String> confirmed) {
    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
      boolean stored = false;
      while (!stored && !Thread.currentThread().isInterrupted()) {
        try {
          messaging.publisher().publish(UserEvent.TOPIC, List.of(created("k-" + i)));
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
        .subscribe(new SubscriptionSpec<>(UserEvent.TOPIC, new Group("group"), UserCreated.class), delivery -> {
          handled.add(delivery.event().userId().value());
          return Outcome.SETTLED;
        });
  }

  private RedisMessaging open(int partitions, int replicas) {
    return RedisMessaging.open(new RedisSettings(cluster.url(), DeliverySettings.DEFAULTS, Retention.DEFAULT, replicas,
        new Partitioning(partitions)));
  }

  private static Recorded<UserEvent> created(String id) {
    return new Recorded<>(new EventId(UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8))),
        Instant.ofEpochMilli(1),
        new UserCreated(new UserId(id), new EmailAddress(id + "@example.com"), Optional.empty()));
  }
}
