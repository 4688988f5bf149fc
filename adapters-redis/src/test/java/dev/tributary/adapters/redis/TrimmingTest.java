package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.redisserver.RedisServer;
import dev.tributary.redisserver.RedisServerSettings;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What trimming costs the server: MONITOR tells what its script reads. */
class TrimmingTest {

  private static final Group GROUP = new Group("group");
  private static final Keys KEYS = Keys.of(UserEvent.TOPIC);

  @Test
  void where_nothing_may_go_only_first_entries_are_read(@TempDir Path directory) throws Exception {
    try (RedisServer server = RedisServer.start(RedisServerSettings.in(directory));
        var raw = new Raw(server.url());
        var connections = new Connections(server.url())) {
      raw.redis()
          .xgroupCreate(XReadArgs.StreamOffset.from(KEYS.stream(), "0"), GROUP.name(),
              XGroupCreateArgs.Builder.mkstream());
      for (int i = 0; i < 10; i++) {
        raw.redis().xadd(KEYS.stream(), "a", "b");
        raw.redis().xadd(KEYS.dead(GROUP), "a", "b");
      }
      Trimming trimming = trimming(connections);
      assertThat(reads(server, raw, () -> assertThat(trimming.trim(UserEvent.TOPIC, KEYS)).isFalse())).isNotEmpty()
          .allSatisfy(read -> assertThat(read).endsWith("\"COUNT\" \"1\""));
      assertThat(raw.redis().xlen(KEYS.stream())).isEqualTo(10);
      assertThat(raw.redis().xlen(KEYS.dead(GROUP))).isEqualTo(10);
    }
  }

  private static Trimming trimming(Connections connections) {
    List<SubscriptionSpec<?>> declared = List.of(new SubscriptionSpec<>(UserEvent.TOPIC, GROUP, UserCreated.class));
    return new Trimming(connections, new Partitions(connections, Partitioning.ONE),
        new Retention(Duration.ofDays(1), declared), new Journals(DeliveryMonitor.NONE));
  }

  private static List<String> reads(RedisServer server, Raw raw, Runnable step) throws IOException {
    try (var monitor = new Socket(InetAddress.getLoopbackAddress(), server.port());
        var told = new BufferedReader(new InputStreamReader(monitor.getInputStream(), StandardCharsets.UTF_8))) {
      monitor.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(told.readLine()).isEqualTo("+OK");
      step.run();
      raw.redis().echo("the end");
      return told.lines()
          .takeWhile(line -> !line.endsWith("\"the end\""))
          .filter(line -> line.contains(" lua] \"XRANGE\""))
          .toList();
    }
  }
}
