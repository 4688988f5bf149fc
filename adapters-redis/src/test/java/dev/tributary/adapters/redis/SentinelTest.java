package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master, its replica, and a sentinel that watches both. */
class SentinelTest {

  private static final Duration FAILED_OVER_WITHIN = Duration.ofSeconds(40);
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir
  private Path folder;

  private RedisServer master;
  private RedisServer replica;
  private Process sentinel;
  private int sentinelPort;

  @BeforeEach
  void start() throws Exception {
    // Replica and sentinel come as the default user.
    Path users = Files.write(folder.resolve("users.acl"),
        ShippedUsers.lines().stream().filter(line -> !line.startsWith("user default ")).toList());
    master = RedisServer
        .start(RedisServerSettings.in(folder.resolve("master")).withOptions("--aclfile", users.toString()));
    replica = RedisServer.start(RedisServerSettings.in(folder.resolve("replica"))
        .withOptions("--aclfile", users.toString(), "--replicaof", "127.0.0.1 " + master.port()));
    sentinelPort = freePort();
    sentinel = new ProcessBuilder(executable().toString(), configuration().toString(), "--sentinel")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("sentinel.log").toFile())
        .start();
    try (var raw = new Raw(master.url())) {
      await().atMost(FAILED_OVER_WITHIN)
          .until(() -> raw.redis().info("replication").contains("state=online"));
    }
    await().atMost(FAILED_OVER_WITHIN)
        .until(() -> Files.readString(folder.resolve("sentinel.conf")).contains("known-replica"));
  }

  /** The bundled one is unpacked into the data directory. */
  private Path executable() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("master"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("redis-server-")).findFirst().orElseThrow();
    }
  }

  private Path configuration() throws IOException {
    return Files.writeString(folder.resolve("sentinel.conf"), """
        port %d
        bind 127.0.0.1
        dir %s
        sentinel monitor mymaster 127.0.0.1 %d 1
        sentinel down-after-milliseconds mymaster 5000
        sentinel failover-timeout mymaster 5000
        """.formatted(sentinelPort, folder, master.port()));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @AfterEach
  void stop() {
    sentinel.destroyForcibly();
    replica.close();
    master.close();
  }

  @Test
  void the_master_is_found_and_after_a_failover_the_new_one() throws Exception {
    Set<String> handled = ConcurrentHashMap.newKeySet();
    String url = ShippedUsers.as(ShippedUsers.NAME, "redis-sentinel://127.0.0.1:" + sentinelPort + "#mymaster");
    try (RedisMessaging messaging = RedisMessaging
        .open(new RedisSettings(url, DeliverySettings.DEFAULTS, Retention.DEFAULT))) {
      messaging.subscriber()
          .subscribe(new SubscriptionSpec<>(UserEvent.TOPIC, new Group("group"), UserCreated.class), delivery -> {
            handled.add(delivery.event().userId().value());
            return Outcome.SETTLED;
          });
      add(master, "before");
      await().atMost(SOON).untilAsserted(() -> assertThat(handled).containsExactly("before"));
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      master.kill();
      await().atMost(FAILED_OVER_WITHIN).until(this::replicaIsMaster);
      add(replica, "after");
      await().atMost(SOON).untilAsserted(() -> assertThat(handled).contains("after"));
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      assertThat(messaging.health().warnings()).singleElement().asString().contains("CONFIG GET");
      assertThat(messaging.operations().streams()).isNotEmpty();
    }
  }

  private boolean replicaIsMaster() {
    try (var raw = new Raw(replica.url())) {
      return raw.redis().info("replication").contains("role:master");
    }
  }

  private static void add(RedisServer server, String id) {
    try (var raw = new Raw(server.url())) {
      raw.redis().xadd("user-events", "type", "user_created", "userId", id, "email", id + "@example.com");
    }
  }
}
