package dev.tributary.faults;

import static org.awaitility.Awaitility.await;

import dev.tributary.domain.messaging.Ordering;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two or three workers that join and leave, in order, by being killed, or as zombies that go on after their lease, each time amid the work. */
final class OrderStorm implements AutoCloseable {

  /** How much of it. Each kind of fault happens that often; a seed chooses when, and to whom. */
  record Strength(int keys, int turns, int kills, int stopsInOrder, int sleeps, int failovers) {

    static final Strength SHORT = new Strength(20, 50, 2, 1, 2, 0);
    static final Strength LONG = new Strength(100, 500, 20, 10, 10, 0);
    static final Strength SHORT_IN_CLUSTER = new Strength(20, 50, 1, 1, 1, 2);
    static final Strength LONG_IN_CLUSTER = new Strength(100, 500, 20, 10, 10, 5);

    int faults() {
      return kills + stopsInOrder + sleeps + failovers;
    }

    int events() {
      return keys * turns;
    }
  }

  private enum Fault {
    KILL, STOP_IN_ORDER, SLEEP, FAIL_OVER
  }

  /** Kills a master of the store, and returns when another has taken over and all is well again. */
  @FunctionalInterface
  interface Failover {
    void happen() throws IOException, InterruptedException;
  }

  private static final int MOST_WORKERS = 3;
  private static final Duration GOES_ON_WITHIN = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final int STOPS_WITHIN_SECONDS = 20;

  private final String url;
  private final int replicas;
  private final Failover failover;
  private final Turns turns;
  private final Strength strength;
  private final long seed;
  private final Random random;
  private final List<AppProcess> workers = new ArrayList<>();
  private final List<AppProcess> everyone = new ArrayList<>();
  private final Set<AppProcess> asleep = new HashSet<>();
  private final List<CompletableFuture<AppProcess>> waking = new ArrayList<>();

  OrderStorm(String url, Turns turns, long seed, Strength strength) {
    this(url, turns, seed, strength, 0, () -> {
      throw new IllegalStateException("one server alone has no successor");
    });
  }

  /** @param replicas that must have a commit before it counts */
  OrderStorm(String url, Turns turns, long seed, Strength strength, int replicas, Failover failover) {
    this.url = url;
    this.replicas = replicas;
    this.failover = failover;
    this.turns = turns;
    this.seed = seed;
    this.strength = strength;
    this.random = new Random(seed);
  }

  /** Blocks until all its faults have happened, all is published, and those who slept are awake; some is yet to be handled. */
  void rage() throws Exception {
    joinUntil(MOST_WORKERS);
    List<Fault> faults = faults();
    for (int i = 0; i < faults.size(); i++) {
      turns.publish(strength.turns() * i / faults.size(), strength.turns() * (i + 1) / faults.size());
      untilHalfOfWhatIsNewIsHandled();
      strike(faults.get(i));
      joinUntil(MOST_WORKERS - random.nextInt(2));
    }
    for (CompletableFuture<AppProcess> each : waking) {
      each.get(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS);
    }
  }

  private List<Fault> faults() {
    var faults = new ArrayList<Fault>(Collections.nCopies(strength.kills(), Fault.KILL));
    faults.addAll(Collections.nCopies(strength.stopsInOrder(), Fault.STOP_IN_ORDER));
    faults.addAll(Collections.nCopies(strength.sleeps(), Fault.SLEEP));
    faults.addAll(Collections.nCopies(strength.failovers(), Fault.FAIL_OVER));
    Collections.shuffle(faults, random);
    return faults;
  }

  /** So that what is struck is at work. */
  private void untilHalfOfWhatIsNewIsHandled() {
    int before = turns.handled();
    int goal = before + (turns.published() - before) / 2;
    await("seed " + seed + ": work that goes on").pollInterval(POLL)
        .atMost(GOES_ON_WITHIN)
        // A master that is away.
        .ignoreExceptionsInstanceOf(RedisException.class)
        .until(() -> turns.handled() >= goal);
  }

  private void strike(Fault fault) throws IOException, InterruptedException {
    await("seed " + seed + ": a worker that is awake").pollInterval(POLL)
        .atMost(GOES_ON_WITHIN)
        .until(() -> !awake().isEmpty());
    List<AppProcess> awake = awake();
    AppProcess victim = awake.get(random.nextInt(awake.size()));
    switch (fault) {
      case KILL -> {
        victim.kill();
        workers.remove(victim);
      }
      case STOP_IN_ORDER -> {
        stopInOrder(victim);
        workers.remove(victim);
      }
      case SLEEP -> putToSleep(victim);
      case FAIL_OVER -> failover.happen();
    }
  }

  private List<AppProcess> awake() {
    waking.stream().filter(CompletableFuture::isDone).forEach(each -> asleep.remove(each.join()));
    waking.removeIf(CompletableFuture::isDone);
    return workers.stream()
        .filter(each -> !asleep.contains(each) && each.lines().contains(OrderedWorker.READY))
        .toList();
  }

  private void joinUntil(int count) throws IOException {
    while (workers.size() < count) {
      AppProcess worker = OrderedWorker.start(url, Ordering.PER_KEY, replicas, seed + everyone.size());
      workers.add(worker);
      everyone.add(worker);
    }
  }

  private void stopInOrder(AppProcess worker) throws IOException, InterruptedException {
    int code = worker.terminate(STOPS_WITHIN_SECONDS);
    if (code != 0) {
      throw new IllegalStateException("seed " + seed + ": stopped with code " + code + ": " + worker.lines());
    }
  }

  /** For one to two leases, and a bit: it goes on as one who does not know yet that others have its partitions. */
  private void putToSleep(AppProcess worker) throws IOException, InterruptedException {
    worker.stop();
    asleep.add(worker);
    long millis = Turns.LEASE.toMillis() * 5 / 4 + random.nextLong(Turns.LEASE.toMillis());
    waking.add(CompletableFuture.supplyAsync(() -> goOn(worker),
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)));
  }

  private static AppProcess goOn(AppProcess sleeper) {
    try {
      sleeper.goOn();
      return sleeper;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All who are left. Who is killed before he is ready cannot stop in order. */
  void stopAll() throws IOException, InterruptedException {
    await("seed " + seed + ": all are ready").atMost(GOES_ON_WITHIN)
        .until(() -> workers.stream().allMatch(each -> each.lines().contains(OrderedWorker.READY)));
    for (AppProcess worker : workers) {
      stopInOrder(worker);
    }
  }

  /** What workers said of turns that came too early. */
  List<String> early() {
    return everyone.stream()
        .flatMap(worker -> worker.lines().stream())
        .filter(line -> line.startsWith(OrderedWorker.EARLY))
        .toList();
  }

  @Override
  public void close() {
    everyone.forEach(AppProcess::close);
  }

  @Override
  public String toString() {
    return strength.kills() + " SIGKILL, " + strength.stopsInOrder() + " SIGTERM and " + strength.sleeps()
        + " SIGSTOP of " + everyone.size() + " workers, " + strength.failovers() + " SIGKILL of masters";
  }
}
