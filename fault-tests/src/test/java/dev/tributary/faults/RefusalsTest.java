package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that starts, is demoted, cannot write, is full, or hangs in a script: no attempt is used up, and no log drowned. */
class RefusalsTest extends BehindAProxy {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration REFUSED_FOR = Duration.ofSeconds(3);

  @ParameterizedTest
  @ValueSource(strings = {"LOADING Redis is loading the dataset in memory",
      "READONLY You can't write against a read only replica.",
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
      "OOM command not allowed when used memory > 'maxmemory'.",
      "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
      "NOSCRIPT No matching script. Please use EVAL.", "MASTERDOWN Link with MASTER is down",
      "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
      "NOGROUP No such key or consumer group", "ERR something that nobody has heard of"})
  void a_server_that_refuses_everything_for_a_while_is_waited_for(String error) throws Exception {
    world.startAll("all");
    try (ExecutorService buying = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> bought = buying.submit(() -> {
        // Slowly enough that some are left when the server begins to refuse.
        world.buy(40, Duration.ofMillis(150));
        return null;
      });
      await().atMost(SOON).until(() -> world.orders().size() > 10);
      int linesBefore = world.apps().getFirst().lines().size();
      proxy.refuse(error);
      Thread.sleep(REFUSED_FOR);
      int lines = world.apps().getFirst().lines().size() - linesBefore;
      assertThat(bought.isDone()).isFalse();
      int before = world.orders().size();
      proxy.refuse("");
      await().atMost(Duration.ofSeconds(5)).until(() -> world.orders().size() > before);
      bought.get();
      world.awaitDrained();
      Findings found = world.examine();
      Figures.note(
          "\"" + error.split(" ", 2)[0] + "\" to everything for 3 s: 40 orders, " + lines + " lines logged meanwhile; "
              + found.figures());
      assertThat(found).matches(Findings::isNone);
      // Three seconds may touch four, as clocks count them.
      assertThat(lines).as("lines in three seconds").isLessThanOrEqualTo(4 * 10);
    }
  }
}
