package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything dies all the time, and nothing is lost or done twice. {@code -Dfaults=long} is the long form, with five seeds;
 * {@code -Dseed=…} repeats the choices of one run.
 */
class StormTest {

  private static final boolean LONG = "long".equals(System.getProperty("faults"));
  private static final Storm.Strength STRENGTH = LONG ? Storm.Strength.LONG : Storm.Strength.SHORT;
  private static final String WORKER = "email-processors,user-processors,payment-processors,shipping-processors";
  private static final int WORKERS = 4;

  @TempDir
  private Path data;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    long first = seed == null ? System.nanoTime() % 1_000_000 : seed;
    return LongStream.range(first, LONG && seed == null ? first + 5 : first + 1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Timeout(3600)
  void nothing_is_lost_nothing_done_twice_nothing_torn(long seed) throws Exception {
    System.out.println("storm with seed " + seed);
    Path directory = Files.createDirectory(data.resolve("seed-" + seed));
    try (var world = new World(directory, Map.of())) {
      world.startAll("http", "http");
      var workers = new CopyOnWriteArrayList<AppProcess>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(world.launch(WORKER));
      }
      try {
        rage(world, new Storm(world, workers, seed, STRENGTH), seed);
      } finally {
        workers.forEach(AppProcess::close);
      }
    }
  }

  private static void rage(World world, Storm storm, long seed) throws Exception {
    // So that there are orders to disturb as long as the storm lasts.
    Duration pause = STRENGTH.every().multipliedBy(STRENGTH.faults() * 7L).dividedBy(STRENGTH.orders());
    try (ExecutorService buying = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> bought = buying.submit(() -> {
        world.buy(STRENGTH.orders(), pause);
        return null;
      });
      storm.rage();
      bought.get();
    }
    long millis = world.awaitDrained();
    Findings found = world.examine();
    Figures.note("storm, seed " + seed + ": " + world.orders().size() + " orders; " + storm + "; " + found.figures()
        + "; drained in " + millis + " ms");
    assertThat(found).matches(Findings::isNone);
    assertThat(world.holdsOneOrderForEachKey()).isTrue();
    assertThat(world.orders()).hasSizeGreaterThanOrEqualTo(STRENGTH.orders());
  }
}
