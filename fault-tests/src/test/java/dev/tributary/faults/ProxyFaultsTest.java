package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The network loses replies, or everything. */
class ProxyFaultsTest extends BehindAProxy {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration HOLE = Duration.ofSeconds(10);
  /** How many of the writes lose their reply in the short form. */
  private static final int SAMPLES = 20;
  private static final boolean LONG = "long".equals(System.getProperty("faults"));
  private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000);

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
}
