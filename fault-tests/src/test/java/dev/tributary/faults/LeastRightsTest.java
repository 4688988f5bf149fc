package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The product on a Redis that knows it by {@code ops/redis/users.acl} alone. */
class LeastRightsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String UNKNOWN = "appendfsync is unknown, for CONFIG GET is not permitted";

  @TempDir
  private Path data;

  @Test
  void all_is_done_and_the_password_is_never_told() throws Exception {
    try (RedisServer redis = RedisServer.start(
        RedisServerSettings.in(data).withOptions("--aclfile", ShippedUsers.in(data).toString()));
        var shop = new Shop()) {
      Map<String, String> settings = Map.of("REDIS_URL",
          redis.url().replace("redis://", "redis://" + ShippedUsers.PRODUCT));
      try (AppProcess app = AppProcess.start(settings)) {
        shop.buyOne(app.url(), SOON);
        await().atMost(SOON).untilAsserted(() -> {
          Shop.Answer ready = shop.get(app.url() + "/health/ready");
          assertThat(ready.status()).isEqualTo(200);
          assertThat(ready.raw().body()).contains(UNKNOWN);
        });
        assertThat(app.terminate(10)).isZero();
        assertTellsNoPassword(app);
      }
      try (AppProcess doctor = AppProcess.start(settings, List.of("doctor"))) {
        assertThat(doctor.await(20)).isEqualTo(1);
        await().atMost(SOON)
            .untilAsserted(() -> assertThat(String.join("\n", doctor.lines())).contains(UNKNOWN,
                "remedy: see that it is always", "findings."));
        assertTellsNoPassword(doctor);
      }
    }
  }

  @Test
  void a_wrong_password_is_said_and_not_told() throws Exception {
    try (RedisServer redis = RedisServer.start(
        RedisServerSettings.in(data).withOptions("--aclfile", ShippedUsers.in(data).toString()));
        var shop = new Shop();
        AppProcess app = AppProcess.start(Map.of("REDIS_URL",
            redis.url().replace("redis://", "redis://" + ShippedUsers.PRODUCT.replace("ord", "rong"))))) {
      String url = app.url();
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(shop.get(url + "/health/ready").raw().body())
              .contains("Redis does not take our password"));
      assertThat(app.terminate(15)).isZero();
      assertThat(String.join("\n", app.lines())).contains("does not take our password")
          .doesNotContain("p@ss", "p%40ss");
    }
  }

  private static void assertTellsNoPassword(AppProcess app) {
    assertThat(app.lines()).isNotEmpty()
        .noneSatisfy(line -> assertThat(line).containsAnyOf(ShippedUsers.PASSWORD, "p%40ss"));
  }
}
