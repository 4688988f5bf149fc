package dev.tributary.adapters.redis;

import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The server that all tests share: {@code TEST_REDIS_URL} (its data is deleted!), else a redis-server from 7.0 on that is on the PATH, else one
 * in a container where Docker looks present, else the bundled one. Without any, every test fails. What is tested has no more rights there than
 * {@code ops/redis/users.acl} gives it.
 */
interface TestRedis {

  /** For the tests, who may do everything. */
  String url();

  /** For the product. */
  default String productUrl() {
    return ShippedUsers.as(ShippedUsers.NAME, url().replaceFirst("://[^@/]*@", "://"));
  }

  /** Stops and starts it, or, where it is not ours to stop, cuts all connections. */
  void restart();

  static TestRedis shared() {
    return Shared.INSTANCE;
  }

  /** Started once for this process, and stopped with it. */
  final class Shared {

    private static final TestRedis INSTANCE = choose();

    private Shared() {}

    private static TestRedis choose() {
      Optional<String> url = Optional.ofNullable(System.getenv("TEST_REDIS_URL"));
      if (url.isPresent()) {
        return new External(url.get());
      }
      Optional<Path> installed = installed();
      if (installed.isEmpty() && dockerLooksPresent()) {
        return new External(Container.start());
      }
      return new Local(installed);
    }

    private static Optional<Path> installed() {
      return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
          .map(directory -> Path.of(directory, "redis-server"))
          .filter(Files::isExecutable)
          .filter(Shared::isRecent)
          .findFirst();
    }

    private static boolean isRecent(Path executable) {
      try {
        Process process = new ProcessBuilder(executable.toString(), "--version").start();
        Matcher version = Pattern.compile("v=(\\d+)")
            .matcher(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        return version.find() && Integer.parseInt(version.group(1)) >= 7;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Looked at first: loading Testcontainers where there is no Docker costs seconds, and an ERROR in the log. */
    private static boolean dockerLooksPresent() {
      return System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"))
          || Files.exists(Path.of(System.getProperty("user.home"), ".testcontainers.properties"));
    }
  }

  /** A server that is there already. */
  record External(String url) implements TestRedis {

    public External {
      try (var raw = new Raw(url)) {
        raw.setUser(ShippedUsers.NAME, ShippedUsers.rights(ShippedUsers.NAME));
      }
    }

    @Override
    public void restart() {
      try (var raw = new Raw(url)) {
        raw.cutOthers();
      }
    }
  }

  /** Only loaded where Docker looks present. */
  final class Container {

    private Container() {}

    @SuppressWarnings("resource") // Testcontainers removes it when this process ends.
    static String start() {
      var container = new org.testcontainers.containers.GenericContainer<>("redis:7.0-alpine")
          .withCommand("redis-server", "--appendonly", "yes", "--appendfsync", "always")
          .withExposedPorts(6379);
      container.start();
      return "redis://" + container.getHost() + ":" + container.getMappedPort(6379);
    }
  }

  /** A process of our own. */
  final class Local implements TestRedis {

    private final RedisServerSettings settings;
    private RedisServer server;

    Local(Optional<Path> executable) {
      try {
        Path users = Files.createTempFile("tributary-users", ".acl");
        Files.write(users, ShippedUsers.lines().stream().filter(line -> !line.startsWith("user default ")).toList());
        RedisServerSettings bundled = RedisServerSettings.in(Files.createTempDirectory("tributary-redis"))
            .withOptions("--aclfile", users.toString());
        RedisServerSettings chosen = executable.map(bundled::with).orElse(bundled);
        server = RedisServer.start(chosen);
        settings = chosen.onPort(server.port());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String url() {
      return server.url();
    }

    @Override
    public void restart() {
      try {
        server.kill();
        server = RedisServer.start(settings);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
