package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody sees who starts it for the first time. */
class NewcomerTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir
  private Path data;

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "memory"})
  void an_order_is_paid_and_shipped_and_its_user_welcomed(String messaging) throws Exception {
    try (var shop = new Shop();
        AppProcess app = AppProcess.start(Map.of("MESSAGING", messaging, "DATA_DIR", data.toString()))) {
      String url = app.url();
      Shop.Answer user = shop.register(url, "ada@example.com");
      assertThat(user.status()).isEqualTo(201);
      Shop.Answer order = shop.order(url, user.id());
      assertThat(order.status()).isEqualTo(201);
      assertThat(order.body().get("status").textValue()).isEqualTo("created");
      await().atMost(SOON)
          .untilAsserted(
              () -> assertThat(shop.get(url + "/orders/" + order.id()).body().get("status").textValue())
                  .isEqualTo("shipped"));
      await().atMost(SOON).untilAsserted(() -> {
        Shop.Answer welcomed = shop.get(url + "/users/" + user.id());
        assertThat(welcomed.body().get("profile").get("displayName").textValue()).isEqualTo("Ada");
        assertThat(welcomed.body().get("welcomeEmailSentAt").isTextual()).isTrue();
      });
      assertThat(shop.get(url + "/users/" + user.id() + "/orders").body().get("items")).hasSize(1);
      assertThat(shop.register(url, "ADA@example.com").status()).isEqualTo(409);
      assertThat(app.lines()).filteredOn(line -> line.contains("INFO"))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).contains("simulated"));
      assertThat(app.terminate(10)).isZero();
    }
  }

  @Test
  void the_first_lines_say_where_to_go() throws Exception {
    try (AppProcess app = AppProcess.start(Map.of("DATA_DIR", data.toString()))) {
      String url = app.url();
      assertThat(String.join("\n", app.lines())).contains("bundled Redis 7.0.15")
          .contains(data.toString())
          .contains(url + "/users")
          .contains("simulated  mail, payments, shipping");
    }
  }

  @Test
  void the_bundled_servers_data_outlives_a_kill() throws Exception {
    Map<String, String> settings = Map.of("DATA_DIR", data.toString());
    try (var shop = new Shop()) {
      String user;
      try (AppProcess app = AppProcess.start(settings)) {
        user = shop.register(app.url(), "ada@example.com").id();
        app.kill();
        app.await(10);
      }
      try (AppProcess again = AppProcess.start(settings)) {
        assertThat(shop.get(again.url() + "/users/" + user).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void a_stop_while_it_starts_is_one_in_order_too() throws Exception {
    boolean caught = false;
    for (int attempt = 1; attempt <= 5 && !caught; attempt++) {
      caught = stopWhileItStarts(data.resolve("attempt-" + attempt));
    }
    assertThat(caught).as("stopped before it served").isTrue();
  }

  /** @return false if it served before we looked, as on a machine where we were kept from looking */
  private static boolean stopWhileItStarts(Path directory) throws Exception {
    try (AppProcess app = AppProcess.start(Map.of("DATA_DIR", directory.toString()))) {
      await().atMost(SOON)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> Files.exists(directory.resolve("redis.log")));
      boolean serves = app.serves();
      assertThat(app.terminate(10)).isZero();
      assertThat(directory.resolve("redis.pid")).as("the bundled server has stopped in order").doesNotExist();
      return !serves;
    }
  }

  @Test
  void the_doctor_says_what_is_wrong_and_how_to_mend_it() throws Exception {
    try (RedisServer redis = RedisServer.start(RedisServerSettings.in(data).withOptions("--appendonly", "no"));
        AppProcess doctor = AppProcess.start(Map.of("REDIS_URL", redis.url()), List.of("doctor"))) {
      assertThat(doctor.await(20)).isEqualTo(1);
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(String.join("\n", doctor.lines())).contains(
              "payment-processors on order-events has never started", "appendonly is no", "remedy: set appendonly yes",
              "findings."));
    }
  }

  @Test
  void help_lists_every_setting() throws Exception {
    try (AppProcess app = AppProcess.start(Map.of(), List.of("--help"))) {
      assertThat(app.await(20)).isZero();
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(String.join("\n", app.lines())).contains("PORT", "REDIS_URL", "RETENTION",
              "default: 8080"));
    }
  }

  @Test
  void bad_settings_stop_the_start_with_every_fault_and_code_2() throws Exception {
    try (AppProcess app = AppProcess
        .start(Map.of("LEASE", "soon", "PORT", "x", "REDIS_URL", "http://user:secret@host"))) {
      assertThat(app.await(20)).isEqualTo(2);
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(String.join("\n", app.lines())).contains("LEASE: ", "PORT: ", "REDIS_URL: "));
      assertThat(String.join("\n", app.lines())).doesNotContain("secret");
    }
  }

  @Test
  void a_taken_port_is_one_clear_line() throws Exception {
    try (AppProcess first = AppProcess.start(Map.of("MESSAGING", "memory"))) {
      String port = first.url().substring(first.url().lastIndexOf(':') + 1);
      try (AppProcess second = AppProcess.start(Map.of("MESSAGING", "memory", "PORT", port))) {
        assertThat(second.await(20)).isEqualTo(1);
        await().atMost(SOON)
            .untilAsserted(
                () -> assertThat(String.join("\n", second.lines())).contains("Cannot start: cannot listen on", port)
                    .doesNotContain("Exception"));
      }
    }
  }
}
