package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the users of {@code ops/redis/users.acl} may not. That the product can do all its work as one of them, every other test here shows. */
class ShippedUsersTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir
  private Path data;

  private RedisServer server;

  @BeforeEach
  void start() throws Exception {
    server = start(ShippedUsers.lines());
  }

  private RedisServer start(List<String> lines) throws IOException, InterruptedException {
    Path users = Files.write(data.resolve("users.acl"), lines);
    return RedisServer.start(RedisServerSettings.in(data).withOptions("--aclfile", users.toString()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static List<Consumer<RedisCommands<String, String>>> beyondThem() {
    return List.of(RedisCommands::flushall, RedisCommands::flushdb, redis -> redis.configSet("appendonly", "no"),
        redis -> redis.configGet("requirepass"), redis -> redis.keys("*"), RedisCommands::scan,
        RedisCommands::randomkey, RedisCommands::bgrewriteaof, RedisCommands::aclList, RedisCommands::clientList,
        redis -> redis.replicaof("127.0.0.1", 1), RedisCommands::save, RedisCommands::scriptFlush,
        redis -> redis.functionLoad("#!lua name=mine"), redis -> redis.publish("channel", "message"),
        redis -> redis.get("foreign"), redis -> redis.set("foreign", "value"), redis -> redis.del("foreign"),
        redis -> redis.xadd("foreign", Map.of("a", "b")),
        redis -> redis.xadd("user-events-of-others", Map.of("a", "b")),
        redis -> redis.eval("return redis.call('GET', 'foreign')", ScriptOutputType.VALUE),
        redis -> redis.eval("return redis.call('GET', KEYS[1])", ScriptOutputType.VALUE, "foreign"),
        redis -> redis.del(Keys.AUDIT), redis -> redis.xtrim(Keys.AUDIT, 0),
        redis -> redis.del("user-events-of-others"));
  }

  @ParameterizedTest
  @MethodSource("beyondThem")
  void neither_may_do_more_than_its_work(Consumer<RedisCommands<String, String>> deed) {
    for (String user : List.of(ShippedUsers.NAME, ShippedUsers.READER)) {
      try (var raw = new Raw(ShippedUsers.as(user, server.url()))) {
        assertThatThrownBy(() -> deed.accept(raw.redis())).isInstanceOf(RedisCommandExecutionException.class)
            .hasMessageMatching("(?s).*(NOPERM|can't run this command|can't access at least one of the keys).*");
      }
    }
  }

  @Test
  void nobody_gets_in_without_the_password() {
    assertTurnedAway(server.url(), "NOAUTH");
    assertTurnedAway(ShippedUsers.as("default", server.url()), "WRONGPASS");
    assertRefused(server.url());
    assertRefused(server.url().replace("://", "://tributary:wrong@"));
  }

  @Test
  void nobody_gets_in_by_the_file_as_it_is_shipped() throws Exception {
    server.close();
    server = start(Files.readAllLines(Path.of("../ops/redis/users.acl")));
    assertRefused(ShippedUsers.as(ShippedUsers.NAME, server.url()));
  }

  @Test
  void what_cannot_be_looked_at_is_said() {
    assertThat(warnings()).containsExactly(
        "appendfsync is unknown, for CONFIG GET is not permitted; see that it is always");
  }

  @Test
  void that_nothing_can_be_looked_at_is_said() throws Exception {
    server.close();
    server = start(ShippedUsers.lines().stream().map(line -> line.replace(" +info", "")).toList());
    assertThat(warnings()).singleElement().asString().contains("may not INFO; give it +info");
  }

  private List<String> warnings() {
    try (RedisMessaging messaging = messaging(ShippedUsers.as(ShippedUsers.NAME, server.url()))) {
      // Health has less patience than a first connection needs on a busy machine.
      await().atMost(SOON).untilAsserted(() -> assertThat(messaging.health().problems()).isEmpty());
      return messaging.health().warnings();
    }
  }

  /** More than once: Lettuce forgets the reason if the server answers before it has looked at its new connection. */
  private static void assertTurnedAway(String url, String why) {
    await().atMost(SOON)
        .untilAsserted(() -> assertThatThrownBy(() -> new Raw(url).close()).hasStackTraceContaining(why));
  }

  private static void assertRefused(String url) {
    try (RedisMessaging messaging = messaging(url)) {
      await().atMost(SOON)
          .untilAsserted(
              () -> assertThat(messaging.health().problems()).containsExactly("Redis does not take our password"));
    }
  }

  private static RedisMessaging messaging(String url) {
    return RedisMessaging.open(new RedisSettings(url, DeliverySettings.DEFAULTS, Retention.DEFAULT));
  }

  @Test
  void the_reader_reads_and_writes_nothing() {
    try (var writer = new Raw(ShippedUsers.as(ShippedUsers.NAME, server.url()));
        var reader = new Raw(ShippedUsers.as(ShippedUsers.READER, server.url()))) {
      String id = writer.redis().xadd("user-events", Map.of("a", "b"));
      assertThat(reader.redis().xrange("user-events", Range.unbounded())).singleElement()
          .satisfies(entry -> assertThat(entry.getId()).isEqualTo(id));
      Stream.<Runnable>of(() -> reader.redis().xadd("user-events", Map.of("a", "b")),
          () -> reader.redis().xdel("user-events", id), () -> reader.redis().del("user-events"))
          .forEach(deed -> assertThatThrownBy(deed::run).hasMessageContaining("NOPERM"));
    }
  }
}
