package dev.tributary.adapters.redis;

import dev.tributary.adapters.redis.KeyOrder.Turn;
import dev.tributary.adapters.redis.PartitionLease.Found;
import dev.tributary.adapters.redis.Tenure.Item;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of a group that reads in order. It reads the partitions that are its share, and works on the deliveries of one key one after the
 * other, of many keys at the same time. Its reader never ends for an error.
 */
final class OrderedConsumer<E extends DomainEvent> implements RunningSubscription {

  private static final Logger log = LoggerFactory.getLogger(OrderedConsumer.class);
  /** A ring may be lost: how soon everything is looked at in any case. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);
  /** Deliveries that wait behind others, of all keys, some kilobytes each: past it nothing is read until some have ended. */
  private static final int MOST_WAITING = 10_000;
  private static final int WALKED_AT_ONCE = 200;

  private final String name;
  private final DeliverySettings settings;
  private final Joining joining;
  private final List<OrderedLane<E>> lanes;
  private final Bell bell;
  private final Journal journal;
  private final Sharing<E> sharing;
  private final Upkeep<OrderedLane<E>> upkeep;
  private final KeyOrder<Item<E>> order = new KeyOrder<>(
      (one, other) -> one.delivered().lease().equals(other.delivered().lease()),
      Item::fresh);
  private final Workers workers;
  private final Reading reading;
  /** Streams whose group was seen: where it is made again, something is missing. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Set<String> toLookAt = new HashSet<>();
  private long lookAtAll = System.nanoTime();
  private volatile boolean waitsForWorkers;
  /** When the reader comes round by itself, by {@link System#nanoTime}; not in the future unless it sleeps. */
  private volatile long wakes = System.nanoTime();

  OrderedConsumer(Connections connections, Partitions partitions, SubscriptionSpec<E> spec, EventHandler<E> handler,
      DeliverySettings settings, Journal journal, String consumer) {
    this.name = spec.group() + " on " + spec.topic();
    this.settings = settings;
    this.journal = journal;
    this.joining = new Joining(connections, spec.group(), consumer);
    this.workers = new Workers(name, settings.concurrency());
    boolean parks = spec.ordering() == Ordering.PER_KEY_PARKED;
    this.lanes = partitions.of(spec.topic()).stream().map(partition -> {
      var pending = new PendingEntries(connections, partition, spec.group(), consumer, settings.lease());
      var lease = new PartitionLease(connections, partition.keys(), spec.group(), consumer, settings.lease());
      return new OrderedLane<E>(partition, pending, lease,
          hold -> new Tenure<>(lease, hold, tenure -> new DeliveryRun<>(spec, handler, partitions, partition,
              pending, tenure.inHand(), new Host(tenure, parks), settings, journal)),
          order::forget);
    }).toList();
    this.bell = connections.bell(spec.topic().name(),
        lanes.stream().map(lane -> lane.keys().stream()).collect(Collectors.toUnmodifiableSet()));
    var members = new Members(connections, spec.topic(), spec.group(), consumer,
        PartitionLease.length(settings.lease()));
    this.sharing = new Sharing<>(name, settings, consumer, members, lanes, journal, bell::ring);
    this.upkeep = new Upkeep<>(name, settings, PartitionLease.length(settings.lease()), lanes, journal, this::relieve);
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
      lanes.forEach(lane -> lane.tenure().ifPresent(Tenure::doubt));
    }
    boolean thorough = lookAtAll - System.nanoTime() <= 0;
    if (thorough) {
      lanes.forEach(lane -> toLookAt.add(lane.keys().stream()));
      lookAtAll = System.nanoTime() + LONGEST_SILENCE.toNanos();
    }
    List<Look<E>> looks = mayLook() ? lookAround(thorough) : List.of();
    work();
    Optional<RuntimeException> failure = looks.stream().flatMap(look -> look.failure().stream()).findFirst();
    if (failure.isPresent()) {
      throw failure.get();
    }
    // In this order: a worker who makes room meanwhile sees that somebody waits for it, or we see the room.
    waitsForWorkers = true;
    waitsForWorkers = !mayLook();
    if (waitsForWorkers || toLookAt.isEmpty()) {
      sleep();
    }
    waitsForWorkers = false;
    return true;
  }

  /** What is given a time meanwhile that comes before the end of this is seen here, or rings. */
  private void sleep() throws InterruptedException {
    wakes = System.nanoTime() + 2 * LONGEST_SILENCE.toNanos();
    Duration until = untilNext();
    wakes = System.nanoTime() + until.toNanos();
    toLookAt.addAll(bell.await(until));
    wakes = System.nanoTime();
  }

  /** What is due already waits for a worker, who comes by himself. */
  private Duration untilNext() {
    long now = System.nanoTime();
    long due = order.nextDue().orElse(lookAtAll);
    return Duration.ofNanos(Math.max(0, Math.min(lookAtAll, due > now ? due : lookAtAll) - now));
  }

  /** In any case where something waits for what a look tells. */
  private boolean mayLook() {
    return hasRoom() || lanes.stream().anyMatch(lane -> lane.tenure().filter(Tenure::hasNews).isPresent());
  }

  /** Not while there is new work for all workers: what waits, however much, holds up nothing new. */
  private boolean hasRoom() {
    return order.freshFirsts() < settings.concurrency() && order.size() < MOST_WAITING;
  }

  /** At the same time: many partitions cost one round trip, and of several servers one that does not answer keeps nobody from reading the others. */
  private List<Look<E>> lookAround(boolean thorough) {
    boolean room = hasRoom();
    List<Look<E>> looks = lanes.stream()
        .flatMap(lane -> lane.tenure().stream().map(tenure -> new Look<>(lane, tenure, thorough)))
        .filter(look -> look.tenure().hasNews() || (room && isToLookAt(look)))
        .filter(look -> !look.tenure().isLeaving())
        .toList();
    if (looks.size() == 1) {
      looks.getFirst().by(this::look);
    } else {
      try (ExecutorService looking = Executors.newVirtualThreadPerTaskExecutor()) {
        looks.forEach(look -> looking.execute(() -> look.by(this::look)));
      }
    }
    if (room) {
      toLookAt.clear();
    }
    // What a look brought after its tenure had ended.
    looks.stream().filter(Look::isOver).forEach(look -> order.forget(look.tenure()));
    looks.stream().filter(Look::goesOn).forEach(look -> toLookAt.add(look.lane().keys().stream()));
    return looks;
  }

  private boolean isToLookAt(Look<E> look) {
    return look.tenure().isWalking() || toLookAt.contains(look.lane().keys().stream());
  }

  /** @return whether there may be more right now */
  private boolean look(Look<E> look) {
    OrderedLane<E> lane = look.lane();
    Tenure<E> tenure = look.tenure();
    // Not who was robbed: a group that is gone is made by the partition's owner, who has to learn of it.
    if (!tenure.hasJoined() && !(lane.renew(tenure) && join(lane, tenure))) {
      return true;
    }
    if (!tenure.isWalking()) {
      return look(look, settings.concurrency());
    }
    order.looks(tenure);
    try {
      return look(look, WALKED_AT_ONCE);
    } finally {
      order.looked(tenure);
    }
  }

  private boolean look(Look<E> look, int limit) {
    Tenure<E> tenure = look.tenure();
    return switch (tenure.look(limit, look.thorough())) {
      case Found.Lost _ -> {
        look.lane().lose(tenure);
        look.lane().leaveGroup();
        yield false;
      }
      case Found.News _ -> true;
      case Found.New(List<Delivered> deliveries) -> {
        deliveries.forEach(delivered -> arrive(tenure, delivered, Duration.ZERO));
        yield deliveries.size() == limit;
      }
      case Found.Pending walked -> {
        walked.gone().forEach(journal::lost);
        journal.claimed((int) walked.taken());
        walked.deliveries().forEach(due -> arrive(tenure, due.delivered(), due.in()));
        tenure.arrived();
        yield true;
      }
    };
  }

  /** @return false if the group was made again: what we hold of it is no longer what it holds */
  private boolean join(OrderedLane<E> lane, Tenure<E> tenure) {
    String stream = lane.keys().stream();
    Optional<Joining.Gap> gap = joining.join(lane.keys(), seen.contains(stream));
    seen.add(stream);
    tenure.joined();
    gap.ifPresent(made -> {
      journal.gap(made.start(), made.checkpoint());
      lane.lose(tenure);
    });
    return gap.isEmpty();
  }

  private void arrive(Tenure<E> tenure, Delivered delivered, Duration in) {
    Decoded<E> decoded = tenure.run().decode(delivered);
    String id = delivered.lease().entryId();
    // What has no key waits for nobody.
    String line = decoded.key().orElse(" " + tenure.fence() + id);
    order.add(tenure, line, EntryId.parse(id), Item.arrived(tenure, delivered, decoded),
        System.nanoTime() + in.toNanos());
  }

  // Working. By the reader, and by each worker that has become free.

  private void work() {
    while (!reading.isStopped() && isAnyDue() && workers.takeOne()) {
      // Who comes while this one looks in vain finds no worker: so the loop asks again after it has given him back.
      order.next(System.nanoTime()).ifPresentOrElse(this::start, () -> workers.giveBack(1));
    }
  }

  private boolean isAnyDue() {
    return order.nextDue().orElse(Long.MAX_VALUE) <= System.nanoTime();
  }

  private void workOn() {
    work();
    if (waitsForWorkers && mayLook()) {
      bell.ring();
    }
  }

  private void start(Turn<Item<E>> turn) {
    Tenure<E> tenure = turn.what().tenure();
    var running = new Running(turn.what().delivered());
    tenure.turns().put(running, turn);
    if (tenure.isLeaving() || !tenure.inHand().add(running)) {
      tenure.turns().remove(running);
      workers.giveBack(1);
      return;
    }
    workers.begin(tenure.inHand(), running, () -> tenure.run().run(running, turn.what().decoded()));
  }

  private final class Host implements DeliveryRun.Host {

    private final Tenure<E> tenure;
    private final boolean parks;

    /** @param parks whether deliveries have to wait behind dead letters of their keys */
    Host(Tenure<E> tenure, boolean parks) {
      this.tenure = tenure;
      this.parks = parks;
    }

    @Override
    public boolean isGone(Delivered delivered) {
      return tenure.isGone(delivered);
    }

    @Override
    public Standing standing(Delivered delivered, String key) {
      return parks ? tenure.standing(delivered, key) : Standing.FREE;
    }

    @Override
    public Workers workers() {
      return workers;
    }

    @Override
    public void ended(Running running) {
      release(tenure, running);
    }
  }

  /** The substitute works with the hand of the thread that is stuck. */
  private void relieve(OrderedLane<E> lane, Running stuck) {
    lane.tenureOf(stuck).ifPresent(tenure -> {
      journal.abandoned(stuck.lease());
      var substitute = new Running(stuck.delivered());
      if (tenure.replace(stuck, substitute)) {
        workers.begin(tenure.inHand(), substitute, () -> tenure.run().relieve(substitute));
      } else {
        journal.fenced(stuck.lease());
        release(tenure, stuck);
      }
    });
  }

  private void release(Tenure<E> tenure, Running running) {
    try {
      ended(tenure, running);
    } finally {
      workers.giveBack(1);
      workOn();
    }
  }

  private void ended(Tenure<E> tenure, Running running) {
    Turn<Item<E>> turn = tenure.turns().remove(running);
    if (turn == null) {
      return;
    }
    if (running.again().isPresent()) {
      Running.Again again = running.again().get();
      await(turn, turn.what().failed(again.failures()), again.in());
    } else if (running.isFenced()) {
      fenced(tenure, turn);
    } else if (running.isEnded()) {
      order.end(turn);
    } else if (!tenure.inHand().holds(running)) {
      // Whatever nobody foresaw: as where consumers compete it comes again after a lease, and keeps its place meanwhile.
      await(turn, turn.what().waiting(), settings.lease());
    }
    if (tenure.isLeaving()) {
      sharing.hurry();
    }
  }

  private void await(Turn<Item<E>> turn, Item<E> changed, Duration in) {
    long due = System.nanoTime() + in.toNanos();
    order.await(turn, changed, due);
    if (due - wakes < 0) {
      bell.ring();
    }
  }

  /**
   * Where the partition was lost, the next of the key is somebody else's, who may be at it. Where a server that took over has not heard of the
   * delivery, it comes once more, and before the next of its key: what is held of the partition is no longer what is there.
   */
  private void fenced(Tenure<E> tenure, Turn<Item<E>> turn) {
    if (tenure.inHand().isClosing()) {
      // Nothing more of it begins, and it is about to be given up.
      return;
    }
    laneOf(tenure).ifPresent(lane -> {
      try {
        if (!lane.renew(tenure)) {
          return;
        }
        if (lane.comesAgain(turn.what().delivered().lease())) {
          lane.lose(tenure);
        } else {
          order.end(turn);
        }
      } catch (StoreUnavailableException _) {
        // Not known: another tenure will tell.
        lane.lose(tenure);
      }
    });
  }

  /** Empty if it is over. */
  private Optional<OrderedLane<E>> laneOf(Tenure<E> tenure) {
    return lanes.stream().filter(lane -> lane.isHeldBy(tenure)).findFirst();
  }

  @Override
  public void close() {
    if (reading.isStopped()) {
      return;
    }
    reading.stop();
    bell.ring();
    lanes.forEach(lane -> lane.tenure().ifPresent(tenure -> tenure.inHand().stopStarting()));
    try {
      reading.join();
      workers.awaitEnd(settings.grace(),
          () -> lanes.forEach(lane -> lane.tenure().ifPresent(tenure -> tenure.inHand().interrupt())));
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
