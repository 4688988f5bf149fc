package dev.tributary.benchmarks;

import dev.tributary.application.DeliverySettings;
import dev.tributary.domain.messaging.Partitioning;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long until the partitions of a group that keeps order are evenly its members' again, after one has come or gone. */
final class Rebalancing {

  private static final int PARTITIONS = 64;
  private static final int MEMBERS = 8;
  private static final Duration POLL = Duration.ofMillis(5);
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final double NANOS_PER_SECOND = 1e9;

  private final BenchRedis redis;
  private final Consumers.Place place;
  private final Deque<Member> members = new ArrayDeque<>();
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

  /** @param database of its own */
  Rebalancing(BenchRedis redis, int database) {
    this.redis = redis;
    this.place = new Consumers.Place(redis, database, new Partitioning(PARTITIONS));
  }

  /** @return for each change, seconds until all shares were even */
  Map<String, List<Double>> measure(int rounds) throws IOException, InterruptedException {
    for (int i = 0; i < MEMBERS; i++) {
      add(connected()).join();
    }
    awaitEven();
    for (int round = 1; round <= rounds; round++) {
      Member ninth = connected();
      time("a ninth joins 8", () -> add(ninth).join());
      Member oldest = members.removeFirst();
      time("one of 9 leaves in order", oldest::leave);
      oldest.close();
      add(connected()).join();
      awaitEven();
      time("one of 9 dies", () -> members.removeFirst().die());
      Main.say("Rebalancing: round %d of %d: %s".formatted(round, rounds, seconds));
    }
    for (Member member : members) {
      member.close();
    }
    return seconds;
  }

  private interface Change {
    void happen() throws IOException;
  }

  private void time(String what, Change change) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    change.happen();
    awaitEven();
    seconds.computeIfAbsent(what, _ -> new ArrayList<>()).add((System.nanoTime() - begun) / NANOS_PER_SECOND);
  }

  private Member connected() throws IOException {
    return Member.connected(place, DeliverySettings.DEFAULTS.lease(), true);
  }

  private Member add(Member member) {
    members.add(member);
    return member;
  }

  private void awaitEven() throws InterruptedException {
    long deadline = System.nanoTime() + AT_MOST.toNanos();
    while (!isEven()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not even after " + AT_MOST);
      }
      Thread.sleep(POLL);
    }
  }

  private boolean isEven() {
    Map<String, Integer> shares = redis.owners(place.database(), Ours.USERS, PARTITIONS);
    int least = PARTITIONS / members.size();
    int most = (PARTITIONS + members.size() - 1) / members.size();
    return shares.size() == members.size()
        && shares.values().stream().allMatch(share -> share >= least && share <= most)
        && shares.values().stream().mapToInt(Integer::intValue).sum() == PARTITIONS;
  }
}
