package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A network between the processes and Redis that loses replies, or everything. */
@Timeout(600)
class ProxyFaultsTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration REFUSED_FOR = Duration.ofSeconds(3);
  private static final Duration HOLE = Duration.ofSeconds(10);
  /** How many of the writes lose their reply in the short form. */
  private static final int SAMPLES = 20;
  private static final boolean LONG = "long".equals(System.getProperty("faults"));
  private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000);

  @TempDir
  private Path data;

  private World world;
  private Proxy proxy;

  @BeforeEach
  void open() throws Exception {
    world = new World(data, Map.of("LEASE", "1s"));
    proxy = new Proxy(world.redis().port());
    world.reachRedisBy(proxy.url());
  }

  @AfterEach
  void close() throws Exception {
    world.close();
    proxy.close();
  }

  /** A customer that gets no 201 orders again; that other order may be there too, and must then be carried through as well. */
  @Test
  void each_reply_to_a_write_may_be_lost_once_and_nothing_is_done_twice() throws Exception {
    world.startAll("all");
    proxy.cutReplies(_ -> false);
    world.buy(1, Duration.ZERO);
    world.awaitDrained();
    int writes = proxy.writes();
    int stride = LONG ? 1 : 1 + writes / SAMPLES;
    for (int i = (int) (SEED % stride); i < writes; i += stride) {
      int lost = i;
      proxy.cutReplies(write -> write == lost);
      world.buy(1, Duration.ZERO);
      await().atMost(SOON).until(() -> proxy.writes() > lost);
      world.awaitDrained();
    }
    Findings found = world.examine();
    Figures.note(
        "lost replies: " + proxy.cuts() + " of the " + writes + " writes while an order is carried through, each once; "
            + found.figures());
    assertThat(found).matches(Findings::isNone);
    assertThat(proxy.cuts()).isGreaterThanOrEqualTo(writes / stride);
  }

  @Test
  void replies_may_be_lost_all_the_time() throws Exception {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    world.startAll("http", "all");
    proxy.cutReplies(_ -> random.nextInt(4) == 0);
    world.buy(LONG ? 2_000 : 200, Duration.ZERO);
    proxy.cutReplies(_ -> false);
    long millis = world.awaitDrained();
    Findings found = world.examine();
    Figures
        .note("lost replies: " + proxy.cuts() + " of " + proxy.kinds().size() + " kinds of writes, seed " + SEED + "; "
            + world.orders().size() + " orders; " + found.figures() + "; drained in " + millis + " ms");
    assertThat(found).matches(Findings::isNone);
    assertThat(world.holdsOneOrderForEachKey()).isTrue();
    assertThat(proxy.cuts()).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(value = Proxy.Way.class, names = "OPEN", mode = EnumSource.Mode.EXCLUDE)
  void a_black_hole_of_ten_seconds_under_load_is_survived(Proxy.Way way) throws Exception {
    world.startAll("http", "all");
    try (ExecutorService buying = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> bought = buying.submit(() -> {
        world.buy(300, Duration.ofMillis(20));
        return null;
      });
      await().atMost(SOON).until(() -> world.orders().size() > 50);
      proxy.be(way);
      Thread.sleep(HOLE);
      assertThat(bought.isDone()).isFalse();
      int before = world.orders().size();
      long from = System.nanoTime();
      proxy.be(Proxy.Way.OPEN);
      await().atMost(Duration.ofSeconds(15)).until(() -> world.orders().size() > before);
      long millis = Duration.ofNanos(System.nanoTime() - from).toMillis();
      bought.get();
      world.awaitDrained();
      Findings found = world.examine();
      Figures.note("black hole of 10 s, " + way + ": 300 orders; the next order after " + millis + " ms; "
          + found.figures());
      assertThat(found).matches(Findings::isNone);
    }
  }

  /** A server that starts, is demoted, cannot write, is full, or hangs in a script: no attempt is used up, and no log drowned. */
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
        world.buy(60, Duration.ofMillis(150));
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
          "\"" + error.split(" ", 2)[0] + "\" to everything for 3 s: 60 orders, " + lines + " lines logged meanwhile; "
              + found.figures());
      assertThat(found).matches(Findings::isNone);
      // Three seconds may touch four, as clocks count them.
      assertThat(lines).as("lines in three seconds").isLessThanOrEqualTo(4 * 10);
    }
  }
}
