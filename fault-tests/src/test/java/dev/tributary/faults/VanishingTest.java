package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody deletes groups, streams or everything while all is at work, or hands everything out again. */
class VanishingTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int ORDERS = 200;

  @TempDir
  private Path data;

  private World world;
  private Checker checker;
  private RedisClusterCommands<String, String> redis;

  @BeforeEach
  void open() throws Exception {
    world = new World(data, Map.of());
    checker = world.checker();
    redis = checker.redis();
    world.startAll("all", "all");
  }

  @AfterEach
  void close() throws Exception {
    assertThat(world.apps()).allSatisfy(app -> assertThat(app.isAlive()).isTrue());
    checker.close();
    world.close();
  }

  private interface Deed {
    void happen() throws Exception;
  }

  /** Does it in the middle of the orders. */
  private void whileBuying(Deed deed) throws Exception {
    try (ExecutorService buying = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> bought = buying.submit(() -> {
        // Slowly enough that some are left when it happens.
        world.buy(ORDERS, Duration.ofMillis(60));
        return null;
      });
      await().atMost(SOON).until(() -> world.orders().size() > ORDERS / 3);
      deed.happen();
      bought.get();
    }
  }

  @Test
  void groups_that_are_destroyed_under_load_lose_nothing_and_do_nothing_twice() throws Exception {
    whileBuying(() -> {
      for (int i = 0; i < 5; i++) {
        for (Map.Entry<String, List<String>> stream : Checker.GROUPS.entrySet()) {
          stream.getValue().forEach(group -> redis.xgroupDestroy(stream.getKey(), group));
        }
        Thread.sleep(200);
      }
    });
    world.awaitDrained();
    Findings found = world.examine();
    Figures.note("XGROUP DESTROY of all groups under load, 5 times: " + ORDERS + " orders; " + found.figures());
    assertThat(found).matches(Findings::isNone);
    assertThat(world.warnings()).anyMatch(line -> line.contains("had vanished from"));
  }

  @Test
  void a_stream_that_is_deleted_under_load_takes_its_own_events_with_it_and_nothing_else() throws Exception {
    Set<String> forgiven = new HashSet<>();
    whileBuying(() -> {
      List<String> known = redis.eval("redis.call('DEL', KEYS[1]) return redis.call('KEYS', '{order-events}:order:*')",
          ScriptOutputType.MULTI, "order-events");
      known.forEach(key -> forgiven.add(key.substring(key.lastIndexOf(':') + 1)));
    });
    world.awaitDrained();
    Findings found = checker.examine(world.users(), world.orders(), forgiven);
    Figures.note("DEL of a stream under load: " + ORDERS + " orders, " + forgiven.size()
        + " of them there when it was deleted; of the others: " + found.figures());
    assertThat(found).matches(Findings::isNone);
    assertThat(world.orders()).hasSizeGreaterThan(forgiven.size());
  }

  @Test
  void after_flushall_all_goes_on_within_five_seconds() throws Exception {
    world.buy(ORDERS, Duration.ZERO);
    redis.flushall();
    Set<String> gone = Set.copyOf(world.orders());
    world.users().clear();
    world.orders().clear();
    String url = world.apps().getFirst().url();
    await().atMost(Duration.ofSeconds(5)).until(() -> isServed(url));
    await().atMost(Duration.ofSeconds(5)).until(checker::isDrained);
    world.buy(ORDERS, Duration.ZERO);
    world.awaitDrained();
    Findings found = checker.examine(world.users(), world.orders(), gone);
    Figures.note("FLUSHALL: " + ORDERS + " orders afterwards; " + found.figures());
    assertThat(found).matches(Findings::isNone);
  }

  /** A backup put back: what was confirmed since is gone, and that is told; what is there is carried through, and nothing of it twice. */
  @Test
  void after_a_restart_with_older_data_all_goes_on() throws Exception {
    world.buy(ORDERS, Duration.ZERO);
    Path backup = data.resolveSibling("backup-" + data.getFileName());
    world.killRedis();
    copy(data, backup);
    world.startRedis();
    Set<String> kept = Set.copyOf(world.orders());
    world.buy(ORDERS, Duration.ZERO);
    world.killRedis();
    delete(data);
    copy(backup, data);
    delete(backup);
    world.startRedis();
    Set<String> gone = new HashSet<>(world.orders());
    gone.removeAll(kept);
    world.orders().retainAll(kept);
    restart("older data", gone);
  }

  @Test
  void after_a_restart_without_data_all_goes_on() throws Exception {
    world.buy(ORDERS, Duration.ZERO);
    world.killRedis();
    delete(data);
    world.startRedis();
    Set<String> gone = Set.copyOf(world.orders());
    world.orders().clear();
    restart("no data", gone);
  }

  /** Users of whom nothing is kept are forgiven; everybody who registers from now on is not. */
  private void restart(String what, Set<String> gone) throws Exception {
    world.users().clear();
    long from = System.nanoTime();
    String url = world.apps().getFirst().url();
    await().atMost(Duration.ofSeconds(5)).until(() -> isServed(url));
    long millis = Duration.ofNanos(System.nanoTime() - from).toMillis();
    world.buy(ORDERS, Duration.ZERO);
    world.awaitDrained();
    try (Checker now = world.checker()) {
      Findings found = now.examine(world.users(), world.orders(), gone);
      Figures.note("restart with " + what + ": the next request is taken after " + millis + " ms; " + gone.size()
          + " orders gone with the data; of the others: " + found.figures());
      assertThat(found).matches(Findings::isNone);
    }
  }

  /** Under a key: what was made although its answer did not come is answered again. */
  private boolean isServed(String url) throws IOException, InterruptedException {
    return world.shop().register(url, "eve@example.com", "eve").status() == 201;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).filter(path -> !path.equals(directory)).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void what_is_handed_out_again_and_added_again_is_done_once() throws Exception {
    world.buy(ORDERS, Duration.ZERO);
    world.awaitDrained();
    for (String stream : Checker.GROUPS.keySet()) {
      List<StreamMessage<String, String>> entries = redis.xrange(stream, Range.unbounded());
      Checker.groupsOf(stream)
          .forEach(group -> redis.xgroupSetid(XReadArgs.StreamOffset.from(stream, "0"), group));
      entries.forEach(entry -> redis.xadd(stream, entry.getBody()));
    }
    world.awaitDrained();
    checker.expectCopies(2);
    Findings found = checker.examine(world.users(), world.orders());
    Figures.note("XGROUP SETID 0 and every entry added again: " + ORDERS + " orders; " + found.figures());
    assertThat(found).matches(Findings::isNone);
  }

  @Test
  void a_full_memory_refuses_orders_and_lets_the_backlog_drain() throws Exception {
    String url = world.apps().getFirst().url();
    String user = world.shop().register(url, "ada@example.com").id();
    world.witness().gate().shut();
    for (int i = 0; i < 50; i++) {
      world.orders().add(world.shop().order(url, user).id());
    }
    await().atMost(SOON).until(() -> world.witness().gate().waiting() > 0);
    redis.configSet("maxmemory", "1");
    try {
      Shop.Answer refused = world.shop().order(url, user);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.raw().headers().firstValue("Retry-After")).isPresent();
      world.witness().gate().open();
      world.awaitDrained();
    } finally {
      redis.configSet("maxmemory", "0");
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> {
      Shop.Answer answer = world.shop().order(url, user);
      if (answer.status() == 201) {
        world.orders().add(answer.id());
      }
      return answer.status() == 201;
    });
    world.awaitDrained();
    Findings found = world.examine();
    Figures.note("out of memory: 50 orders drained, later ones refused; " + found.figures());
    assertThat(found).matches(Findings::isNone);
  }
}
