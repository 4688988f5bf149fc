package dev.tributary.adapters.redis;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.SubscriptionSpec;
import io.lettuce.core.Consumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of a group: reads no more than it has hands free, has its workers do it, and takes over what others left. Its reader never ends
 * for an error.
 */
final class GroupConsumer<E extends DomainEvent> implements RunningSubscription, DeliveryRun.Host {

  private static final Logger log = LoggerFactory.getLogger(GroupConsumer.class);
  private static final Duration CLOSING_CHECK = Duration.ofMillis(100);

  private final String name;
  private final DeliverySettings settings;
  private final NewEntries reader;
  private final List<Lane> lanes;
  private final Map<String, Lane> byStream;
  private final Journal journal;
  private final Upkeep<Lane> upkeep;
  private final Workers workers;
  private final Succession succession;
  private final Reading reading;
  private final Claims claims;
  private boolean claimed;

  GroupConsumer(Connections connections, Partitions partitions, SubscriptionSpec<E> spec, EventHandler<E> handler,
      DeliverySettings settings, Journal journal, String consumer) {
    this.name = spec.group() + " on " + spec.topic();
    this.settings = settings;
    this.journal = journal;
    this.workers = new Workers(name, settings.concurrency());
    List<Partition> all = partitions.of(spec.topic());
    this.succession = new Succession(all.getFirst().keys().stream(), Consumer.from(spec.group().name(), consumer),
        workers, new Fresh());
    // Of several partitions one would be read all the time, and the others wait.
    GroupCommit.Follower follower = all.size() == 1 && !connections.isCluster()
        ? succession
        : GroupCommit.Follower.NOBODY;
    this.lanes = all.stream().map(partition -> {
      var pending = new PendingEntries(connections, partition, spec.group(), consumer, settings.lease(), follower);
      var inHand = new InHand(pending::extend);
      var run = new DeliveryRun<>(spec, handler, partitions, partition, pending, inHand, this, settings, journal);
      return new Lane(partition.keys(), pending, inHand, run, settings.lease());
    }).toList();
    this.byStream = lanes.stream().collect(Collectors.toUnmodifiableMap(lane -> lane.keys().stream(), lane -> lane));
    List<Keys> keys = lanes.stream().map(Lane::keys).toList();
    this.reader = connections.isCluster()
        ? new ClusterReader(connections, spec.topic().name(), keys, spec.group(), consumer, journal)
        : new GroupReader(connections, keys, spec.group(), consumer);
    this.claims = new Claims(connections, reader, lanes, journal);
    this.upkeep = new Upkeep<>(name, settings, settings.lease(), lanes, journal, this::relieve);
    this.reading = new Reading(name, this::readOnce, this::doubt, journal);
  }

  GroupConsumer<E> start() {
    reading.start();
    upkeep.start();
    return this;
  }

  @Override
  public Optional<String> problem() {
    return reading.problem();
  }

  /** @return whether it read: not while all hands are full */
  private boolean readOnce() throws InterruptedException {
    int free = workers.take(CLOSING_CHECK);
    if (free == 0) {
      return false;
    }
    int started = 0;
    try {
      if (succession.takeFailure()) {
        reader.doubt();
      }
      if (reader.doubts()) {
        // What is on its way would seem never to have arrived.
        succession.awaitReads();
        reader.ensureGroup().forEach(journal::gap);
        claims.served().forEach(this::giveBackWhatNeverArrived);
        claims.schedule();
      }
      for (GroupReader.Read read : next(free)) {
        started += start(lane(read), read.delivered()) ? 1 : 0;
      }
    } finally {
      succession.giveBack(free - started);
    }
    return true;
  }

  private void doubt() {
    succession.shut();
    reader.doubt();
  }

  private void giveBackWhatNeverArrived(Lane lane) {
    try {
      lane.giveBackWhatNeverArrived();
    } catch (StoreUnavailableException e) {
      reader.spare(lane.keys().stream(), e);
    }
  }

  private Lane lane(GroupReader.Read read) {
    return Objects.requireNonNull(byStream.get(read.stream()));
  }

  /** What others left and what is new take turns: however many retries are due, they hold nobody up. */
  private List<GroupReader.Read> next(int limit) throws InterruptedException {
    claimed = !claimed && !claims.until().isPositive();
    if (claimed) {
      List<GroupReader.Read> left = claims.claim(limit);
      if (!left.isEmpty()) {
        return left;
      }
    }
    List<GroupReader.Read> fresh = reader.read(limit, claims.until());
    if (fresh.size() == limit) {
      succession.open(claims.until());
    } else {
      succession.shut();
    }
    return fresh;
  }

  /** @return false if it is in hand already */
  private boolean start(Lane lane, Delivered delivered) {
    Optional<Running> taken = take(lane, delivered);
    taken.ifPresent(running -> begin(lane, running));
    return taken.isPresent();
  }

  private static Optional<Running> take(Lane lane, Delivered delivered) {
    var running = new Running(delivered);
    return lane.inHand().add(running) ? Optional.of(running) : Optional.empty();
  }

  private void begin(Lane lane, Running running) {
    workers.begin(lane.inHand(), running, () -> lane.run().run(running));
  }

  private final class Fresh implements Succession.Deliveries {

    @Override
    public Optional<Running> take(Delivered delivered) {
      return GroupConsumer.take(lanes.getFirst(), delivered);
    }

    @Override
    public void begin(Running running) {
      GroupConsumer.this.begin(lanes.getFirst(), running);
    }
  }

  @Override
  public Workers workers() {
    return workers;
  }

  @Override
  public void ended(Running running) {
    succession.giveBack(1);
  }

  /** The substitute works with the hand of the thread that is stuck. */
  private void relieve(Lane lane, Running stuck) {
    journal.abandoned(stuck.lease());
    var substitute = new Running(stuck.delivered());
    if (lane.inHand().replace(stuck, substitute)) {
      workers.begin(lane.inHand(), substitute, () -> lane.run().relieve(substitute));
    } else {
      journal.fenced(stuck.lease());
      ended(stuck);
    }
  }

  @Override
  public void close() {
    if (reading.isStopped()) {
      return;
    }
    reading.stop();
    lanes.forEach(lane -> lane.inHand().stopStarting());
    try {
      reader.unblock();
      succession.close();
      reading.join();
      workers.awaitEnd(settings.grace(), () -> lanes.forEach(lane -> lane.inHand().interrupt()));
      upkeep.stop();
      lanes.forEach(this::leave);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      upkeep.stop();
      reader.close();
    }
  }

  private void leave(Lane lane) {
    try {
      lane.pending().leave(lane.inHand().leases());
    } catch (StoreUnavailableException e) {
      log.warn("{}: could not give back what was in hand; it comes again when its lease runs out: {}", name,
          e.getMessage());
    }
  }
}
