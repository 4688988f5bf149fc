package dev.tributary.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.redisserver.RedisCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The product on a Redis Cluster of which one part after the other breaks, while customers order. {@code -Dfaults=long} is the long form;
 * {@code -Dseed=…} repeats the choices of one run.
 */
class ClusterStormTest {

  private static final boolean LONG = "long".equals(System.getProperty("faults"));
  private static final ClusterStorm.Strength STRENGTH = LONG
      ? ClusterStorm.Strength.LONG
      : ClusterStorm.Strength.SHORT;
  private static final OrderStorm.Strength ORDERED = LONG
      ? OrderStorm.Strength.LONG_IN_CLUSTER
      : OrderStorm.Strength.SHORT_IN_CLUSTER;
  private static final ClusterStorm.Strength AFTER_LOSSES = LONG
      ? ClusterStorm.Strength.LONG_AFTER_LOSSES
      : ClusterStorm.Strength.NONE;
  private static final int LOSSES = LONG ? 5 : 1;
  private static final Duration PAUSE = Duration.ofMillis(LONG ? 50 : 100);
  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(60);

  @TempDir
  private static Path folder;
  private static RedisCluster cluster;
  private static String url;

  private final long seed = Long.getLong("seed", System.nanoTime() % 1_000_000);

  @BeforeAll
  static void startCluster() throws Exception {
    // However long the replica was cut off: what it lacks is what is looked for.
    cluster = RedisCluster.start(folder, ClusterStorm.NODE_TIMEOUT, "--aclfile",
        ShippedUsers.besideDefault(folder).toString(), "--cluster-replica-validity-factor", "0");
    url = cluster.url().replace("redis://", "redis://" + ShippedUsers.PRODUCT);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void empty() throws Exception {
    System.out.println("cluster storm with seed " + seed);
    for (int node = 0; node < cluster.nodes(); node++) {
      // Where the test before ended too early.
      ClusterStorm.letIn(cluster, node);
    }
    cluster.awaitWell();
    try (Admin admin = Admin.at(cluster.url())) {
      admin.redis().flushall();
    }
    await().atMost(DRAINED_WITHIN).until(() -> {
      for (int node = 0; node < cluster.nodes(); node++) {
        if (!cluster.ask(node, "DBSIZE").equals("0")) {
          return false;
        }
      }
      return true;
    });
  }

  private static Market market(String durability) throws Exception {
    var market = new Market(cluster.url(),
        Map.of("PARTITIONS", Integer.toString(ClusterStorm.PARTITIONS), "DURABILITY", durability));
    market.reachRedisBy(url);
    return market;
  }

  @Test
  @Timeout(3600)
  void with_a_replica_that_has_it_nothing_confirmed_is_lost() throws Exception {
    try (Market market = market("replicas:1"); var customers = new Customers(market, PAUSE)) {
      var storm = new ClusterStorm(cluster, customers, seed, STRENGTH);
      market.startAll("all", "all");
      customers.begin();
      storm.rage();
      customers.end();
      long millis = market.awaitDrained();
      Findings found = examine(market, customers);
      Figures.note("cluster storm with replicas:1, seed " + seed + ": " + customers.confirmed() + " orders; " + storm
          + ", " + storm.failovers() + " failovers; " + found.figures() + "; answers " + customers.answers()
          + ", the longest wait " + customers.longest().toMillis() + " ms; drained in " + millis + " ms");
      assertThat(found).as("seed %d", seed).matches(Findings::isNone);
      assertThat(customers.answers().keySet()).as("seed %d", seed).isSubsetOf(201, 409, 503);
      assertThat(storm.failovers()).isEqualTo(STRENGTH.kills() + STRENGTH.hangs());
      assertAllIsThereOnce(market, customers);
      assertTheCheckerBites(market, customers);
    }
  }

  @Test
  @Timeout(3600)
  void what_asynchronous_replication_has_lost_is_found_and_comes_back_when_it_is_asked_for_again() throws Exception {
    try (Market market = market("local"); var customers = new Customers(market, PAUSE)) {
      var storm = new ClusterStorm(cluster, customers, seed, AFTER_LOSSES);
      // With groups and streams that only one has.
      int first = storm.cutOff();
      market.startAll("all", "all");
      customers.begin();
      storm.killAlone(first);
      for (int i = 1; i < LOSSES; i++) {
        storm.untilOrdersFlow();
        storm.killAlone(storm.cutOff());
      }
      storm.rage();
      customers.end();
      market.awaitDrained();
      Findings found = examine(market, customers);
      Set<String> lost = missing(market, customers);
      Figures.note("cluster storm without waiting for replicas, seed " + seed + ": " + customers.confirmed()
          + " orders; " + LOSSES + " SIGKILL of masters whose replica was cut off" + ", then " + storm + "; "
          + lost.size()
          + " confirmed orders and users are not there; " + found.figures() + "; answers " + customers.answers());
      lost.forEach(id -> System.out.println("lost: " + id));
      assertThat(lost).as("seed %d: what only the dead masters had", seed).isNotEmpty();
      assertThat(ids(found.lost())).as("seed %d: reported", seed).isEqualTo(lost);
      assertThat(found.duplicated()).as("seed %d", seed).isEmpty();
      assertThat(found.torn()).as("seed %d", seed).isEmpty();
      assertThat(found.unexpected()).as("seed %d", seed)
          .allMatch(line -> line.contains("is an order of somebody who is not there"));
      assertThat(market.apps()).allSatisfy(app -> assertThat(app.isAlive()).isTrue());
      assertThat(market.apps().stream().flatMap(app -> app.lines().stream())).as("seed %d: groups that were lost", seed)
          .anyMatch(line -> line.contains("had vanished from"));
      assertAllIsThereOnce(market, customers);
    }
  }

  private static Set<String> missing(Market market, Customers customers) {
    try (Checker checker = market.checker()) {
      var missing = new HashSet<>(customers.orders());
      missing.addAll(customers.users());
      missing.removeAll(checker.orders());
      missing.removeAll(checker.users());
      return missing;
    }
  }

  private static Set<String> ids(List<String> lines) {
    return lines.stream().map(line -> line.substring(0, line.indexOf(' '))).collect(Collectors.toSet());
  }

  /** Also whoever asks for all of it again gets what he was told, and nothing more. */
  private void assertAllIsThereOnce(Market market, Customers customers) throws Exception {
    customers.repeat();
    market.awaitDrained();
    assertThat(examine(market, customers)).as("seed %d, all asked for again", seed).matches(Findings::isNone);
    assertThat(customers.contradictions()).as("seed %d", seed).isEmpty();
    try (Checker checker = market.checker()) {
      assertThat(checker.orders()).as("seed %d", seed).isEqualTo(customers.orders());
      assertThat(checker.users()).as("seed %d", seed).isEqualTo(customers.users());
    }
    assertThat(market.witness().captures()).as("seed %d", seed)
        .isEqualTo(customers.orders().stream().collect(Collectors.toMap(order -> order, Set::of)));
  }

  private static void assertTheCheckerBites(Market market, Customers customers) throws Exception {
    String order = customers.orders().iterator().next();
    try (Checker checker = market.checker()) {
      checker.forget(order);
    }
    Findings found = examine(market, customers);
    assertThat(ids(found.lost())).containsExactly(order);
    assertThat(ids(found.torn())).containsExactly(order);
  }

  private static Findings examine(Market market, Customers customers) throws Exception {
    try (Checker checker = market.checker()) {
      return checker.examine(customers.users(), customers.orders());
    }
  }

  @Test
  @Timeout(3600)
  void each_key_s_events_are_handled_in_order_while_masters_and_workers_die() throws Exception {
    long from = System.nanoTime();
    try (var turns = new Turns(url, cluster.url(), 1, ORDERED.keys());
        var storm = new OrderStorm(url, turns, seed, ORDERED, 1, new Masters(cluster)::killNext)) {
      storm.rage();
      awaitDrained(turns);
      storm.stopAll();
      List<String> findings = turns.findings();
      Figures.note("order storm in a cluster, seed " + seed + ": " + ORDERED.keys() + " keys, " + turns.published()
          + " events; " + storm + "; " + findings.size() + " findings, " + storm.early().size() + " early; in "
          + Duration.ofNanos(System.nanoTime() - from).toSeconds() + " s");
      assertThat(findings).as("seed %d", seed).isEmpty();
      assertThat(storm.early()).as("seed %d: begun before the turn before was committed", seed).isEmpty();
      assertThat(turns.handled()).as("seed %d", seed).isEqualTo(ORDERED.events());
    }
  }

  private static void awaitDrained(Turns turns) {
    try {
      await().pollInterval(Duration.ofMillis(50)).atMost(DRAINED_WITHIN).until(turns::isDrained);
    } catch (ConditionTimeoutException _) {
      // The findings say what is missing.
    }
  }
}
