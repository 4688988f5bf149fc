package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What a consumer does beside reading, as long as it lives: renews its leases, three times in each; stops handlers that run too long; tends its
 * group. Never ends for an error.
 */
final class Upkeep<T extends Upkeep.Tended> {

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

  /** What a consumer has of one partition. */
  interface Tended {

    /** What somebody works on, be it no longer ours. */
    Collection<Running> running();

    /** Shows that its consumer is alive, who would lose what it has otherwise. */
    void renew();

    /** @return the names of consumers that are gone and were removed */
    List<String> tend();
  }

  private final DeliverySettings settings;
  private final Duration lease;
  private final List<T> lanes;
  private final Journal journal;
  private final BiConsumer<T, Running> relieve;
  private final Chore chore;
  private long renewed = System.nanoTime();
  private int tended;

  /**
   * @param lease what is to be renewed three times in it
   * @param relieve takes over from a handler that ignores its interruption
   */
  Upkeep(String name, DeliverySettings settings, Duration lease, List<T> lanes, Journal journal,
      BiConsumer<T, Running> relieve) {
    this.settings = settings;
    this.lease = lease;
    this.lanes = lanes;
    this.journal = journal;
    this.relieve = relieve;
    this.chore = new Chore("upkeep", name, this::runOnce, interval(), failure -> journal.broke("upkeep", failure));
  }

  void start() {
    chore.start();
  }

  /** Waits for what is under way: a renewal would take back what is given back next. */
  void stop() {
    chore.stop();
  }

  private Duration interval() {
    Duration third = lease.dividedBy(3);
    Duration shorter = third.compareTo(LONGEST_INTERVAL) < 0 ? third : LONGEST_INTERVAL;
    return shorter.compareTo(settings.handlerTimeout()) < 0 ? shorter : settings.handlerTimeout();
  }

  /** Each for itself: whatever keeps it from one of them, it does the others. */
  private void runOnce() {
    lanes.forEach(
        lane -> chore.outlive(() -> lane.running().forEach(running -> watch(lane, running))));
    renew();
    atOnce(nextToTend(), lane -> lane.tend().forEach(journal::left));
  }

  /** In turn, so that each is tended three times in a lease at least: many partitions cost not much more than one. */
  private List<T> nextToTend() {
    long rounds = Math.max(1, settings.lease().dividedBy(3).dividedBy(interval()));
    int count = (int) ((lanes.size() + rounds - 1) / rounds);
    List<T> next = IntStream.range(tended, tended + count).mapToObj(i -> lanes.get(i % lanes.size())).toList();
    tended = (tended + count) % lanes.size();
    return next;
  }

  private void watch(T lane, Running running) {
    running.stopAfter(settings.handlerTimeout());
    if (running.relieveAfter(Workers.INTERRUPTED_ENDS_WITHIN)) {
      relieve.accept(lane, running);
    }
  }

  private void renew() {
    long now = System.nanoTime();
    if (now - renewed >= lease.dividedBy(3).toNanos()) {
      renewed = now;
      atOnce(lanes, Tended::renew);
    }
  }

  /** Many partitions, or one of several servers that does not answer, must not hold up the next renewal: leases would be lost. */
  private void atOnce(List<T> some, Consumer<T> step) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      some.forEach(lane -> threads.execute(() -> chore.outlive(() -> step.accept(lane))));
    }
  }
}
