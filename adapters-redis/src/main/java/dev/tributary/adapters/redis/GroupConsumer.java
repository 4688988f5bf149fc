package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Subscription;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of a group: reads no more than it may have in hand, gives each delivery a virtual thread, and takes over what others left. Its
 * reader never ends for an error.
 */
final class GroupConsumer<E extends DomainEvent> implements Subscription {

  private static final Logger log = LoggerFactory.getLogger(GroupConsumer.class);
  private static final Duration LONGEST_CLAIM_INTERVAL = Duration.ofSeconds(1);
  private static final Duration CLOSING_CHECK = Duration.ofMillis(100);
  private static final Duration INTERRUPTED_ENDS_WITHIN = Duration.ofSeconds(1);

  private final String name;
  private final DeliverySettings settings;
  private final GroupReader reader;
  private final PendingEntries pending;
  private final InHand inHand;
  private final Journal journal;
  private final DeliveryRun<E> run;
  private final Upkeep upkeep;
  private final Semaphore free;
  private final Thread reading;
  private long nextClaim = System.nanoTime();
  private boolean claimed;
  private volatile boolean closing;
  private volatile @Nullable String problem;

  GroupConsumer(Connections connections, Partition partition, SubscriptionSpec<E> spec, EventHandler<E> handler,
      DeliverySettings settings, Journal journal, String consumer) {
    this.name = spec.group() + " on " + spec.topic();
    this.settings = settings;
    this.journal = journal;
    this.reader = new GroupReader(connections, partition.keys(), spec.group(), consumer);
    this.pending = new PendingEntries(connections, partition, spec.group(), consumer, settings.lease());
    this.inHand = new InHand(pending);
    this.run = new DeliveryRun<>(spec, handler, pending, inHand, settings, journal);
    this.upkeep = new Upkeep(name, settings, pending, inHand, journal, this::relieve);
    this.free = new Semaphore(settings.concurrency());
    this.reading = Thread.ofVirtual().name("tributary reader of " + name).unstarted(this::readOn);
  }

  GroupConsumer<E> start() {
    reading.start();
    upkeep.start();
    return this;
  }

  /** Why it reads nothing at the moment; empty while all is well, and once it need not read any more. */
  Optional<String> problem() {
    return closing ? Optional.empty() : Optional.ofNullable(problem).map(words -> name + ": " + words);
  }

  private void readOn() {
    var pause = new Pause();
    while (!closing) {
      try {
        if (readOnce()) {
          pause.reset();
          recovered();
        }
      } catch (RuntimeException | Error e) {
        reader.doubt();
        Endurance.tellQuietly(e, this::failed);
        awaitQuietly(pause);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  /** @return whether it read: not while all hands are full */
  private boolean readOnce() throws InterruptedException {
    if (!free.tryAcquire(CLOSING_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    int permits = 1 + free.drainPermits();
    int started = 0;
    try {
      if (reader.doubts()) {
        reader.ensureGroup().ifPresent(gap -> journal.gap(gap.start(), gap.checkpoint()));
        giveBackWhatNeverArrived();
      }
      for (Delivered delivered : next(permits)) {
        started += start(delivered) ? 1 : 0;
      }
    } finally {
      free.release(permits - started);
    }
    return true;
  }

  /** Redis may have handed us entries in a reply that was lost: nobody works on them, and nobody should wait for their leases to run out. */
  private void giveBackWhatNeverArrived() {
    List<Lease> missed = pending.held().stream().filter(lease -> !inHand.holds(lease)).toList();
    if (!missed.isEmpty()) {
      pending.release(missed);
      nextClaim = System.nanoTime();
    }
  }

  /** What others left and what is new take turns: however many retries are due, they hold nobody up. */
  private List<Delivered> next(int limit) {
    boolean claimsTurn = !claimed && System.nanoTime() - nextClaim >= 0;
    claimed = claimsTurn;
    if (claimsTurn) {
      List<Delivered> left = claim(limit);
      if (!left.isEmpty()) {
        return left;
      }
    }
    return reader.read(limit, Duration.ofNanos(nextClaim - System.nanoTime()));
  }

  private List<Delivered> claim(int limit) {
    PendingEntries.Claimed found = pending.claim(limit);
    scheduleClaim(found, limit);
    found.gone().forEach(journal::lost);
    journal.claimed(found.deliveries().size());
    return found.deliveries();
  }

  private void scheduleClaim(PendingEntries.Claimed found, int limit) {
    boolean more = !found.complete() || found.deliveries().size() == limit;
    Duration interval = more ? Duration.ZERO : min(settings.lease().dividedBy(4), LONGEST_CLAIM_INTERVAL);
    nextClaim = System.nanoTime() + found.nextDue().map(due -> min(due, interval)).orElse(interval).toNanos();
  }

  /** @return false if it is in hand already */
  private boolean start(Delivered delivered) {
    var running = new Running(delivered);
    if (!inHand.add(running)) {
      return false;
    }
    start(running, () -> run.run(running));
    return true;
  }

  /** The substitute works with the permit of the thread that is stuck. */
  private void relieve(Running stuck) {
    var substitute = new Running(stuck.delivered());
    inHand.replace(stuck, substitute);
    start(substitute, () -> run.relieve(substitute));
  }

  private void start(Running running, Runnable work) {
    Runnable task = () -> {
      try {
        work.run();
      } finally {
        if (!running.isRelieved()) {
          free.release();
        }
      }
    };
    try {
      running.start(Thread.ofVirtual().name("tributary " + name + " " + running.lease().entryId()).unstarted(task));
    } catch (RuntimeException | Error e) {
      inHand.remove(running);
      throw e;
    }
  }

  private void failed(Throwable e) {
    boolean news = problem == null && !closing;
    problem = e instanceof StoreUnavailableException
        ? String.valueOf(e.getMessage())
        : "an error that the log tells of";
    if (news) {
      journal.cannotRead(String.valueOf(e.getMessage()),
          e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage()));
    }
  }

  private void recovered() {
    if (problem != null) {
      journal.readsAgain();
      problem = null;
    }
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    inHand.stopStarting();
    try {
      reader.unblock();
      reading.join();
      if (!allEnded(settings.grace())) {
        log.warn("{}: interrupting what still runs after {}", name, settings.grace());
        inHand.interrupt();
        allEnded(INTERRUPTED_ENDS_WITHIN);
      }
      upkeep.stop();
      pending.leave(inHand.leases());
    } catch (StoreUnavailableException e) {
      log.warn("{}: could not give back what was in hand; it comes again when its lease runs out: {}", name,
          e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      upkeep.stop();
      reader.close();
    }
  }

  private boolean allEnded(Duration atMost) throws InterruptedException {
    if (!free.tryAcquire(settings.concurrency(), atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    free.release(settings.concurrency());
    return true;
  }

  private static void awaitQuietly(Pause pause) {
    try {
      pause.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
