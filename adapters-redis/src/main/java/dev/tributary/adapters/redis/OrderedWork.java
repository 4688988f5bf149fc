package dev.tributary.adapters.redis;

import dev.tributary.adapters.redis.KeyOrder.Turn;
import dev.tributary.adapters.redis.Tenure.Item;
import dev.tributary.application.DeliverySettings;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EntryId;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Works on the deliveries of one key one after the other, of many keys at the same time: each delivery waits for its turn, then for a worker, and
 * keeps its place until it has ended. For any threads.
 */
final class OrderedWork<E extends DomainEvent> {

  /** Deliveries that wait behind others, of all keys, some kilobytes each: past it nothing is read until some have ended. */
  private static final int MOST_WAITING = 10_000;

  /** Who brings the deliveries. */
  interface Reader {

    /** A worker is free, and found nothing to do. */
    void idle();

    /** @param due when something that waits is to be worked on, by {@link System#nanoTime} */
    void waits(long due);

    /** Of a partition that is to be given up, a delivery less is worked on. */
    void leaves();
  }

  private final DeliverySettings settings;
  private final Journal journal;
  private final Reader reader;
  private final Workers workers;
  private final KeyOrder<Item<E>> order = new KeyOrder<>(
      (one, other) -> one.delivered().lease().equals(other.delivered().lease()),
      Item::fresh);
  private volatile boolean stopped;

  OrderedWork(String name, DeliverySettings settings, Journal journal, Reader reader) {
    this.settings = settings;
    this.journal = journal;
    this.reader = reader;
    this.workers = new Workers(name, settings.concurrency());
  }

  /** Not while there is new work for all workers: what waits, however much, holds up nothing new. */
  boolean hasRoom() {
    return order.freshFirsts() < settings.concurrency() && order.size() < MOST_WAITING;
  }

  /** When the next delivery may be worked on, by {@link System#nanoTime}; in the past where it waits for a worker, who comes by himself. */
  OptionalLong nextDue() {
    return order.nextDue();
  }

  /** Before a tenure looks through what is pending, as {@link KeyOrder#looks}. */
  void looks(Tenure<E> tenure) {
    order.looks(tenure);
  }

  void looked(Tenure<E> tenure) {
    order.looked(tenure);
  }

  /** Takes its place, unless it has it already. */
  void add(Tenure<E> tenure, Delivered delivered, Duration in) {
    Decoded<E> decoded = tenure.run().decode(delivered);
    String id = delivered.lease().entryId();
    // What has no key waits for nobody.
    String line = decoded.key().orElse(" " + tenure.fence() + id);
    order.add(tenure, line, EntryId.parse(id), Item.arrived(tenure, delivered, decoded),
        System.nanoTime() + in.toNanos());
  }

  /** Of a tenure that is over. */
  void forget(Tenure<E> tenure) {
    order.forget(tenure);
  }

  /** Starts what may be worked on, as long as there are workers. By the reader, and by each worker that has become free. */
  void start() {
    while (!stopped && isAnyDue() && workers.takeOne()) {
      // Who comes while this one looks in vain finds no worker: so the loop asks again after it has given him back.
      order.next(System.nanoTime()).ifPresentOrElse(this::start, () -> workers.giveBack(1));
    }
  }

  private boolean isAnyDue() {
    return order.nextDue().orElse(Long.MAX_VALUE) <= System.nanoTime();
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

  /** @param parks whether deliveries have to wait behind dead letters of their keys */
  DeliveryRun.Host host(OrderedLane<E> lane, Tenure<E> tenure, boolean parks) {
    return new Host(lane, tenure, parks);
  }

  private final class Host implements DeliveryRun.Host {

    private final OrderedLane<E> lane;
    private final Tenure<E> tenure;
    private final boolean parks;

    Host(OrderedLane<E> lane, Tenure<E> tenure, boolean parks) {
      this.lane = lane;
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
      release(lane, tenure, running);
    }
  }

  /** The substitute works with the hand of the thread that is stuck. */
  void relieve(OrderedLane<E> lane, Running stuck) {
    lane.tenureOf(stuck).ifPresent(tenure -> {
      journal.abandoned(stuck.lease());
      var substitute = new Running(stuck.delivered());
      if (tenure.replace(stuck, substitute)) {
        workers.begin(tenure.inHand(), substitute, () -> tenure.run().relieve(substitute));
      } else {
        journal.fenced(stuck.lease());
        release(lane, tenure, stuck);
      }
    });
  }

  private void release(OrderedLane<E> lane, Tenure<E> tenure, Running running) {
    try {
      ended(lane, tenure, running);
    } finally {
      workers.giveBack(1);
      start();
      reader.idle();
    }
  }

  private void ended(OrderedLane<E> lane, Tenure<E> tenure, Running running) {
    Turn<Item<E>> turn = tenure.turns().remove(running);
    if (turn == null) {
      return;
    }
    if (running.again().isPresent()) {
      Running.Again again = running.again().get();
      await(turn, turn.what().failed(again.failures()), again.in());
    } else if (running.isFenced()) {
      fenced(lane, tenure, turn);
    } else if (running.isEnded()) {
      order.end(turn);
    } else if (!tenure.inHand().holds(running)) {
      // Whatever nobody foresaw: as where consumers compete it comes again after a lease, and keeps its place meanwhile.
      await(turn, turn.what().waiting(), settings.lease());
    }
    if (tenure.isLeaving()) {
      reader.leaves();
    }
  }

  private void await(Turn<Item<E>> turn, Item<E> changed, Duration in) {
    long due = System.nanoTime() + in.toNanos();
    order.await(turn, changed, due);
    reader.waits(due);
  }

  /**
   * Where the partition was lost, the next of the key is somebody else's, who may be at it. Where a server that took over has not heard of the
   * delivery, it comes once more, and before the next of its key: what is held of the partition is no longer what is there.
   */
  private void fenced(OrderedLane<E> lane, Tenure<E> tenure, Turn<Item<E>> turn) {
    if (tenure.inHand().isClosing() || !lane.isHeldBy(tenure)) {
      // Nothing more of it begins: it is about to be given up, or over.
      return;
    }
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
  }

  /** Nothing more begins. */
  void stop() {
    stopped = true;
  }

  /** As {@link Workers#awaitEnd}. */
  void awaitEnd(Runnable interrupt) throws InterruptedException {
    workers.awaitEnd(settings.grace(), interrupt);
  }
}
