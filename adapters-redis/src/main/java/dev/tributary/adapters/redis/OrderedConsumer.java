package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of a group that reads in order: it reads the partitions that are its share, and works on what it finds there. Its reader never ends
 * for an error.
 */
final class OrderedConsumer<E extends DomainEvent> implements RunningSubscription {

  private static final Logger log = LoggerFactory.getLogger(OrderedConsumer.class);

  private final String name;
  private final List<OrderedLane<E>> lanes;
  private final OrderedWork<E> work;
  private final Lookout<E> lookout;
  private final Bell bell;
  private final Sharing<E> sharing;
  private final Upkeep<OrderedLane<E>> upkeep;
  private final Reading reading;
  private volatile boolean waitsForWorkers;
  /** When the reader comes round by itself, by {@link System#nanoTime}; not in the future unless it sleeps. */
  private volatile long wakes = System.nanoTime();

  OrderedConsumer(Connections connections, Partitions partitions, SubscriptionSpec<E> spec, EventHandler<E> handler,
      DeliverySettings settings, Journal journal, String consumer) {
    this.name = spec.group() + " on " + spec.topic();
    this.work = new OrderedWork<>(name, settings, journal, new Reader());
    boolean parks = spec.ordering() == Ordering.PER_KEY_PARKED;
    this.lanes = partitions.of(spec.topic()).stream().map(partition -> {
      var pending = new PendingEntries(connections, partition, spec.group(), consumer, settings.lease());
      var lease = new PartitionLease(connections, partition.keys(), spec.group(), consumer, settings.lease());
      return new OrderedLane<E>(partition, pending, lease,
          (lane, hold) -> new Tenure<>(lease, hold, tenure -> new DeliveryRun<>(spec, handler, partitions, partition,
              pending, tenure.inHand(), work.host(lane, tenure, parks), settings, journal)),
          work::forget);
    }).toList();
    this.lookout = new Lookout<>(new Joining(connections, spec.group(), consumer), lanes, work, settings.concurrency(),
        journal);
    this.bell = connections.bell(spec.topic().name(),
        lanes.stream().map(lane -> lane.keys().stream()).collect(Collectors.toUnmodifiableSet()));
    var members = new Members(connections, spec.topic(), spec.group(), consumer,
        PartitionLease.length(settings.lease()));
    this.sharing = new Sharing<>(name, settings, consumer, members, lanes, journal, bell::ring);
    this.upkeep = new Upkeep<>(name, settings, PartitionLease.length(settings.lease()), lanes, journal, work::relieve);
    this.reading = new Reading(name, this::readOnce, () -> {}, journal);
  }

  OrderedConsumer<E> start() {
    sharing.start();
    reading.start();
    upkeep.start();
    return this;
  }

  @Override
  public Optional<String> problem() {
    return reading.problem();
  }

  private boolean readOnce() throws InterruptedException {
    if (bell.lostTouch()) {
      // A server that came back may hold as pending what it had settled before; where nothing was under way, no look has failed for it.
      lookout.doubt();
    }
    Optional<RuntimeException> failure = lookout.lookAround();
    work.start();
    if (failure.isPresent()) {
      throw failure.get();
    }
    // In this order: a worker who makes room meanwhile sees that somebody waits for it, or we see the room.
    waitsForWorkers = true;
    waitsForWorkers = !lookout.mayLook();
    if (waitsForWorkers || !lookout.seesMore()) {
      sleep();
    }
    waitsForWorkers = false;
    return true;
  }

  /** What is given a time meanwhile that comes before the end of this is seen here, or rings. */
  private void sleep() throws InterruptedException {
    wakes = System.nanoTime() + 2 * Bell.LONGEST_SILENCE.toNanos();
    Duration until = untilNext();
    wakes = System.nanoTime() + until.toNanos();
    lookout.hear(bell.await(until));
    wakes = System.nanoTime();
  }

  /** What is due already waits for a worker, who comes by himself. */
  private Duration untilNext() {
    long now = System.nanoTime();
    long look = lookout.dueAt();
    long due = work.nextDue().orElse(look);
    return Duration.ofNanos(Math.max(0, Math.min(look, due > now ? due : look) - now));
  }

  /** What those who work tell the reader, who may sleep. */
  private final class Reader implements OrderedWork.Reader {

    @Override
    public void idle() {
      if (waitsForWorkers && lookout.mayLook()) {
        bell.ring();
      }
    }

    @Override
    public void waits(long due) {
      if (due - wakes < 0) {
        bell.ring();
      }
    }

    @Override
    public void leaves() {
      sharing.hurry();
    }
  }

  @Override
  public void close() {
    if (reading.isStopped()) {
      return;
    }
    reading.stop();
    work.stop();
    bell.ring();
    lanes.forEach(lane -> lane.tenure().ifPresent(tenure -> tenure.inHand().stopStarting()));
    try {
      reading.join();
      work.awaitEnd(() -> lanes.forEach(lane -> lane.tenure().ifPresent(tenure -> tenure.inHand().interrupt())));
      upkeep.stop();
      sharing.close();
    } catch (StoreUnavailableException e) {
      log.warn("{}: could not give up its partitions; others take them when their leases run out: {}", name,
          e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      upkeep.stop();
      sharing.stop();
      bell.close();
    }
  }
}
