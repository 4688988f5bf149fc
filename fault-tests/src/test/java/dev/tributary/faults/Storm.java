package dev.tributary.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Kills workers and starts them again, stops others for two to three leases and lets them go on as zombies, and kills Redis now and then. */
final class Storm {

  /**
   * How much of it.
   *
   * @param every time between two faults
   */
  record Strength(int orders, int kills, int stops, int redisKills, Duration every) {

    static final Strength SHORT = new Strength(300, 12, 4, 2, Duration.ofMillis(700));
    static final Strength LONG = new Strength(20_000, 300, 100, 20, Duration.ofMillis(400));

    int faults() {
      return kills + stops + redisKills;
    }
  }

  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final int REDIS_AWAY_MILLIS = 500;

  private final World world;
  private final List<AppProcess> workers;
  private final Random random;
  private final Strength strength;
  private final List<CompletableFuture<?>> stopped = new CopyOnWriteArrayList<>();
  /** Left alone until they go on: who is killed in its sleep never becomes a zombie. */
  private final Set<AppProcess> asleep = ConcurrentHashMap.newKeySet();
  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger stops = new AtomicInteger();
  private int redisKills;

  /** @param workers those that may be killed */
  Storm(World world, List<AppProcess> workers, long seed, Strength strength) {
    this.world = world;
    this.workers = workers;
    this.random = new Random(seed);
    this.strength = strength;
  }

  /** Blocks until all its faults have happened, and everybody is up again. */
  void rage() throws Exception {
    while (kills.get() < strength.kills() || stops.get() < strength.stops() || redisKills < strength.redisKills()) {
      int choice = random.nextInt(strength.faults());
      if (choice < strength.redisKills()) {
        killRedis();
      } else if (choice < strength.redisKills() + strength.stops()) {
        stopOne();
      } else {
        killOne();
      }
      Thread.sleep(strength.every());
    }
    for (CompletableFuture<?> goingOn : stopped) {
      goingOn.get();
    }
  }

  private void killRedis() throws IOException, InterruptedException {
    if (redisKills < strength.redisKills()) {
      world.killRedis();
      redisKills++;
      Thread.sleep(random.nextInt(REDIS_AWAY_MILLIS));
      world.startRedis();
    }
  }

  private void killOne() throws Exception {
    int victim = random.nextInt(workers.size());
    if (kills.get() < strength.kills() && isAwake(workers.get(victim))) {
      workers.get(victim).kill();
      kills.incrementAndGet();
      AppProcess successor = world.launch("email-processors,user-processors,payment-processors,shipping-processors");
      workers.set(victim, successor);
    }
  }

  private void stopOne() throws Exception {
    AppProcess victim = workers.get(random.nextInt(workers.size()));
    if (stops.get() < strength.stops() && isAwake(victim)) {
      asleep.add(victim);
      victim.stop();
      stops.incrementAndGet();
      long millis = LEASE.toMillis() * 2 + random.nextLong(LEASE.toMillis());
      stopped.add(CompletableFuture.runAsync(() -> goOn(victim),
          CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)));
    }
  }

  private boolean isAwake(AppProcess worker) {
    return worker.serves() && !asleep.contains(worker);
  }

  private void goOn(AppProcess stopped) {
    try {
      stopped.goOn();
      asleep.remove(stopped);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return kills + " SIGKILL and " + stops + " SIGSTOP of workers, " + redisKills + " SIGKILL of Redis";
  }
}
