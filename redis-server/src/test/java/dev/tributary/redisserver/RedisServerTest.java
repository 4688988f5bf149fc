package dev.tributary.redisserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisServerTest {

  @TempDir
  private Path data;

  @Test
  void keeps_what_it_confirmed_through_a_kill() throws Exception {
    try (RedisServer server = RedisServer.start(RedisServerSettings.in(data))) {
      assertThat(send(server, "SET kept yes")).isEqualTo("+OK");
      server.kill();
    }
    try (RedisServer again = RedisServer.start(RedisServerSettings.in(data))) {
      assertThat(send(again, "STRLEN kept")).isEqualTo(":3");
    }
  }

  @Test
  void refuses_a_directory_that_is_in_use() throws Exception {
    try (RedisServer _ = RedisServer.start(RedisServerSettings.in(data))) {
      assertThatThrownBy(() -> RedisServer.start(RedisServerSettings.in(data))).isInstanceOf(IOException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void says_why_a_directory_cannot_be_used() throws Exception {
    Path file = Files.createFile(data.resolve("file"));
    for (Path path : List.of(file, file.resolve("below"))) {
      assertThatThrownBy(() -> RedisServer.start(RedisServerSettings.in(path))).isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot use the data directory " + path + ": ")
          .hasMessageMatching("(?i).* not a directory");
    }
    assertThat(DataDirectory.reason(new AccessDeniedException("/data/lock")))
        .isEqualTo("permission denied: /data/lock");
  }

  @Test
  void says_why_it_did_not_start_and_leaves_the_directory_free() throws Exception {
    var broken = RedisServerSettings.in(data).withOptions("--maxmemory-policy", "none-such");
    assertThatThrownBy(() -> RedisServer.start(broken)).isInstanceOf(IOException.class)
        .hasMessageContaining("did not start");
    RedisServer.start(RedisServerSettings.in(data)).close();
  }

  @Test
  void dies_with_the_process_that_started_it() throws Exception {
    assertDiesWith(holder(), "");
  }

  @Test
  void dies_with_the_process_group_of_the_one_that_started_it() throws Exception {
    ProcessBuilder holder = holder();
    holder.command().addFirst("setsid");
    assertDiesWith(holder, "-");
  }

  private ProcessBuilder holder() {
    return new ProcessBuilder(new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-cp",
        System.getProperty("java.class.path"), Holder.class.getName(), data.toString())));
  }

  /** @param whom before the process's id: nothing for itself, a hyphen for its group */
  private void assertDiesWith(ProcessBuilder starting, String whom) throws Exception {
    Process parent = starting.start();
    long server;
    try (BufferedReader reader = parent.inputReader(StandardCharsets.US_ASCII)) {
      server = Long.parseLong(reader.readLine());
      assertThat(ProcessHandle.of(server)).isPresent();
      assertThat(new ProcessBuilder("kill", "-KILL", "--", whom + parent.pid()).start().waitFor()).isZero();
    } finally {
      parent.destroyForcibly();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> ProcessHandle.of(server).isEmpty());
    RedisServer.start(RedisServerSettings.in(data)).close();
  }

  /** Starts a server, says its pid, and waits to be killed. */
  static final class Holder {

    private Holder() {}

    public static void main(String[] args) throws Exception {
      RedisServer server = RedisServer.start(RedisServerSettings.in(Path.of(args[0])));
      System.out.println(server.pid());
      Thread.currentThread().join();
    }
  }

  private static String send(RedisServer server, String command) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }
  }
}
