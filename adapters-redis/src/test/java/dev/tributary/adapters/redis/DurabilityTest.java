package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.CommitResult;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.RequestId;
import dev.tributary.application.Retention;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.KillArgs;
import io.lettuce.core.Range;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts only when a replica has it. */
class DurabilityTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final RequestId REQUEST = new RequestId(new UUID(0x8000, 1));

  @TempDir
  private Path folder;

  private RedisServer primary;
  private RedisServer replica;
  private Raw raw;
  private RedisMessaging messaging;

  @BeforeEach
  void start() throws Exception {
    primary = RedisServer.start(RedisServerSettings.in(folder.resolve("primary")));
    replica = RedisServer.start(RedisServerSettings.in(folder.resolve("replica"))
        .withOptions("--replicaof", "127.0.0.1 " + primary.port(), "--repl-diskless-sync-delay", "0"));
    raw = new Raw(primary.url());
    await().atMost(SOON).until(() -> raw.redis().info("replication").contains("state=online"));
    messaging = RedisMessaging
        .open(new RedisSettings(primary.url(), DeliverySettings.DEFAULTS, Retention.DEFAULT, 1));
  }

  @AfterEach
  void stop() {
    messaging.close();
    raw.close();
    replica.close();
    primary.close();
  }

  @Test
  void what_was_confirmed_is_on_the_replica() {
    untilConfirmed();
    try (var other = new Raw(replica.url())) {
      assertThat(other.redis().xlen("user-events")).isEqualTo(1);
      assertThat(other.redis().exists("{user-events}:user:u-1")).isEqualTo(1);
    }
    await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
    assertThat(messaging.health().warnings()).noneMatch(warning -> warning.contains("replica"));
  }

  @Test
  void without_a_replica_nothing_is_confirmed_and_repeating_it_is_safe() {
    replica.close();
    await().atMost(SOON).until(() -> raw.redis().info("replication").contains("connected_slaves:0"));
    assertThatThrownBy(this::register).isInstanceOf(StoreUnavailableException.class).hasMessageContaining("0 of 1");
    assertThatThrownBy(this::register).isInstanceOf(StoreUnavailableException.class);
    assertThat(messaging.unitOfWork().load(User.key(new UserId("u-1")))).isPresent();
    assertThat(raw.redis().xlen("user-events")).isEqualTo(1);
    assertThat(messaging.health().warnings()).anyMatch(warning -> warning.contains("replicas"));
  }

  /** On a new connection WAIT knows nothing of what came over an earlier one. */
  @Test
  void a_repetition_on_another_connection_waits_as_well() throws Exception {
    signal("STOP");
    try {
      assertThatThrownBy(this::register).isInstanceOf(StoreUnavailableException.class);
      raw.redis().clientKill(KillArgs.Builder.typeNormal().skipme());
      await().atMost(SOON)
          .untilAsserted(() -> assertThatThrownBy(this::register).hasMessageContaining("0 of 1"));
    } finally {
      signal("CONT");
    }
    await().atMost(SOON)
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(() -> register() instanceof CommitResult.Duplicate);
    assertThat(raw.redis().xlen("user-events")).isEqualTo(1);
  }

  @Test
  void deliveries_go_on_when_the_replica_is_back() throws Exception {
    var handled = new AtomicInteger();
    messaging.subscriber()
        .subscribe(new SubscriptionSpec<>(UserEvent.TOPIC, new Group("group"), UserCreated.class), _ -> {
          handled.incrementAndGet();
          return Outcome.SETTLED;
        });
    signal("STOP");
    try {
      raw.redis().xadd("user-events", "type", "user_created", "userId", "x", "email", "x@example.com");
      await().atMost(SOON).until(() -> handled.get() == 1);
    } finally {
      signal("CONT");
    }
    await().atMost(SOON).until(() -> raw.redis().xpending("user-events", "group").getCount() == 0);
    assertThat(handled).hasValue(1);
  }

  @Test
  void nothing_confirmed_is_lost_with_the_primary() throws Exception {
    Set<String> confirmed = ConcurrentHashMap.newKeySet();
    var over = new AtomicBoolean();
    try (var publishing = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < 8; thread++) {
        int first = thread * 10_000;
        publishing.execute(() -> publishOn(first, confirmed, over));
      }
      try {
        await().atMost(SOON).until(() -> confirmed.size() > 500);
        primary.kill();
      } finally {
        over.set(true);
      }
    }
    try (var other = new Raw(replica.url())) {
      other.redis().replicaofNoOne();
      Set<String> kept = ConcurrentHashMap.newKeySet();
      other.redis().xrange("user-events", Range.unbounded()).forEach(entry -> kept.add(entry.getBody().get("key")));
      assertThat(kept).containsAll(confirmed);
    }
  }

  private void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(replica.pid())).start().waitFor();
  }

  private void publishOn(int first, Set<String> confirmed, AtomicBoolean over) {
    for (int i = first; !over.get(); i++) {
      try {
        messaging.publisher().publish(UserEvent.TOPIC, List.of(created("u-" + i)));
        confirmed.add("u-" + i);
      } catch (StoreUnavailableException _) {
        // The replica was slow to confirm it, or the primary is gone.
      }
    }
  }

  /** The replica may be slow, on a busy machine. */
  private void untilConfirmed() {
    await().atMost(SOON)
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .untilAsserted(() -> assertThat(register()).isInstanceOfAny(CommitResult.Committed.class,
            CommitResult.Duplicate.class));
  }

  private CommitResult register() {
    Recorded<UserEvent> created = created("u-1");
    var user = new User(new UserId("u-1"), new EmailAddress("u-1@example.com"), Optional.empty(), created.at(),
        Optional.empty());
    return messaging.unitOfWork()
        .commit(REQUEST, new Work(List.of(Change.creation(User.key(user.id()), user)), List.of(created)));
  }

  private static Recorded<UserEvent> created(String id) {
    return new Recorded<>(new EventId(UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8))),
        Instant.ofEpochMilli(1),
        new UserCreated(new UserId(id), new EmailAddress(id + "@example.com"), Optional.empty()));
  }
}
