package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The product on a real redis-server that speaks TLS. */
class TlsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Path FETCHED = Path.of("../target/redis-tls/redis-server");

  @TempDir
  private static Path folder;

  private static Path executable;
  private static Certificate certificate;
  private static RedisServer redis;
  private static int tlsPort;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> server = server();
    if (server.isEmpty()) {
      String words = "NOT RUN: the tests of TLS need a redis-server that speaks it; ./verify fetches one on Debian";
      LoggerFactory.getLogger(TlsTest.class).error(words);
      Assumptions.abort(words);
    }
    certificate = Certificate.selfSigned(folder, "dns:localhost");
    tlsPort = freePort();
    executable = server.get().toAbsolutePath();
    redis = start("no", tlsPort);
  }

  private static RedisServer start(String wantsCertificates, int port) throws Exception {
    return RedisServer.start(RedisServerSettings.in(folder.resolve("data-" + wantsCertificates))
        .with(executable)
        .withOptions("--aclfile", ShippedUsers.in(folder).toString(), "--tls-port", Integer.toString(port),
            "--tls-cert-file", certificate.pem().toString(), "--tls-key-file", certificate.key().toString(),
            "--tls-ca-cert-file", certificate.pem().toString(), "--tls-auth-clients", wantsCertificates));
  }

  @AfterAll
  static void stop() {
    if (redis != null) {
      redis.close();
    }
  }

  private static Optional<Path> server() throws IOException {
    Stream<Path> onPath = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(directory -> Path.of(directory, "redis-server"));
    for (Path candidate : Stream.concat(Stream.of(FETCHED), onPath).filter(Files::isExecutable).toList()) {
      if (speaksTls(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** One without TLS stumbles over the first option, one with it only over the second. */
  private static boolean speaksTls(Path server) throws IOException {
    Process process = new ProcessBuilder(server.toString(), "--tls-cluster", "no", "--port", "-1")
        .redirectErrorStream(true)
        .start();
    return !new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains("tls-cluster");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Map<String, String> settings(String host, int port, Path trusted) {
    return Map.of("REDIS_URL", "rediss://" + ShippedUsers.PRODUCT + host + ":" + port, "JAVA_TOOL_OPTIONS",
        "-Djavax.net.ssl.trustStore=" + trusted + " -Djavax.net.ssl.trustStorePassword=" + Certificate.PASSWORD);
  }

  @Test
  void an_order_is_shipped_behind_a_certificate_that_the_trust_store_holds() throws Exception {
    try (var shop = new Shop();
        AppProcess app = AppProcess.start(settings("localhost", tlsPort, certificate.trustStore()))) {
      shop.buyOne(app.url(), SOON);
      assertThat(app.terminate(10)).isZero();
      assertThat(String.join("\n", app.lines())).contains("rediss://…@localhost").doesNotContain("p@ss", "p%40ss");
    }
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
    Path others = Certificate.selfSigned(Files.createDirectory(folder.resolve("others")), "dns:localhost").trustStore();
    assertRefused(settings("localhost", tlsPort, others), "shows a certificate that no CA we trust has signed");
  }

  @Test
  void a_certificate_for_another_host_is_refused() throws Exception {
    assertRefused(settings("127.0.0.1", tlsPort, certificate.trustStore()),
        "shows a certificate that is not for this host name");
  }

  @Test
  void a_server_without_tls_is_refused_and_not_spoken_to_in_the_clear() throws Exception {
    assertRefused(settings("localhost", redis.port(), certificate.trustStore()), "does not answer in time");
  }

  @Test
  void a_server_that_wants_to_see_a_certificate_of_ours_is_told_of() throws Exception {
    int port = freePort();
    try (RedisServer _ = start("yes", port)) {
      assertRefused(settings("localhost", port, certificate.trustStore()), "does not agree with us on TLS");
    }
  }

  private static void assertRefused(Map<String, String> settings, String why) throws Exception {
    try (var shop = new Shop(); AppProcess app = AppProcess.start(settings)) {
      String url = app.url();
      await().atMost(SOON).untilAsserted(() -> {
        Shop.Answer ready = shop.get(url + "/health/ready");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.raw().body()).contains("Redis " + why);
      });
      assertThat(shop.register(url, "ada@example.com").status()).isEqualTo(503);
      await().atMost(SOON).untilAsserted(() -> assertThat(String.join("\n", app.lines())).contains(why));
      assertThat(String.join("\n", app.lines())).doesNotContain("p@ss", "p%40ss");
    }
  }
}
