package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Health;
import dev.tributary.application.Retention;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerCheckTest {

  private static final Duration SOON = Duration.ofSeconds(15);

  @TempDir
  private Path data;

  @Test
  void the_bundled_server_is_as_safe_as_it_should_be() throws Exception {
    assertThat(warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"--appendonly,no,appendonly", "--appendfsync,everysec,appendfsync is everysec",
      "--appendfsync,no,appendfsync is no",
      "--maxmemory-policy,allkeys-lru,maxmemory-policy is allkeys-lru"})
  void each_weakness_is_named_with_what_to_do(String option, String value, String name) throws Exception {
    assertThat(warnings(option, value)).singleElement().asString().contains(name, "set " + option.substring(2));
  }

  @Test
  void an_open_server_that_others_can_reach_is_a_weakness() throws Exception {
    String host = "192.0.2.1";
    try (var connections = new Connections("redis://" + host)) {
      assertThat(new ServerCheck(connections, "redis://" + host, 0).password()).hasValueSatisfying(
          warning -> assertThat(warning).contains("no password"));
      assertThat(new ServerCheck(connections, "redis://user:secret@" + host, 0).password()).isEmpty();
      assertThat(new ServerCheck(connections, "redis-sentinel://" + host + "#mymaster", 0).password()).isPresent();
      assertThat(new ServerCheck(connections, "redis://localhost", 0).password()).isEmpty();
    }
  }

  @Test
  void sentinels_that_others_can_reach_are_a_weakness_too() {
    try (var connections = new Connections("redis://localhost")) {
      assertThat(new ServerCheck(connections, "redis-sentinel://192.0.2.1,192.0.2.2/0#main", 0).password())
          .hasValueSatisfying(warning -> assertThat(warning).contains("no password"));
      assertThat(new ServerCheck(connections, "redis-sentinel://localhost/0#main", 0).password()).isEmpty();
      assertThat(new ServerCheck(connections, "redis-sentinel://:secret@192.0.2.1/0#main", 0).password()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"6.2.14,true", "7.0.15,false", "8.6.0-rc1,false", "v7.2,true", "unstable,true", "'',true"})
  void a_version_that_is_too_old_or_unknown_is_named(String version, boolean named) {
    assertThat(ServerCheck.version(Map.of("redis_version", version)).isPresent()).isEqualTo(named);
  }

  @Test
  void a_server_that_keeps_its_settings_to_itself_is_told_of() throws Exception {
    assertThat(warnings("--rename-command", "CONFIG", "")).singleElement().asString().contains("appendfsync", "CONFIG");
  }

  /** With no consumer, too, who would find out. */
  @Test
  void a_server_that_takes_no_writes_is_a_problem() throws Exception {
    checking((redis, health) -> {
      redis.replicaof("127.0.0.1", 1);
      await().atMost(SOON).untilAsserted(() -> assertThat(health.problems()).containsExactly("Redis is read-only"));
      redis.replicaofNoOne();
      await().atMost(SOON).untilAsserted(() -> assertThat(health.problems()).isEmpty());
      redis.configSet("min-replicas-to-write", "1");
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(health.problems()).containsExactly("Redis answers with an error"));
    });
  }

  /** What there is to do is done there, and sending everybody away would not help. */
  @Test
  void a_server_that_is_full_is_a_weakness() throws Exception {
    checking((redis, health) -> {
      redis.configSet("maxmemory", "1mb");
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(health.warnings()).singleElement().asString().contains("maxmemory"));
      assertThat(health.problems()).isEmpty();
    });
  }

  private interface Checking {
    void run(RedisCommands<String, String> redis, Health health) throws Exception;
  }

  private void checking(Checking checking) throws Exception {
    try (RedisServer server = RedisServer.start(RedisServerSettings.in(data));
        Raw raw = new Raw(server.url());
        RedisMessaging messaging = RedisMessaging
            .open(new RedisSettings(server.url(), DeliverySettings.DEFAULTS, Retention.DEFAULT))) {
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      checking.run(raw.redis(), messaging.health());
    }
  }

  @Test
  void a_server_that_is_away_is_no_weakness_but_a_problem() {
    try (RedisMessaging messaging = RedisMessaging
        .open(new RedisSettings("redis://127.0.0.1:1", DeliverySettings.DEFAULTS, Retention.DEFAULT))) {
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(messaging.health().problems()).containsExactly("Redis cannot be reached"));
      assertThat(messaging.health().warnings()).isEmpty();
    }
  }

  private List<String> warnings(String... options) throws Exception {
    try (RedisServer server = RedisServer.start(RedisServerSettings.in(data).withOptions(options));
        RedisMessaging messaging = RedisMessaging
            .open(new RedisSettings(server.url(), DeliverySettings.DEFAULTS, Retention.DEFAULT))) {
      // Health has less patience than a first connection needs on a busy machine; without one there are no warnings.
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      return messaging.health().warnings();
    }
  }
}
