package dev.tributary.adapters.http;

import dev.tributary.application.CommitResult;
import dev.tributary.application.OrderHistory;
import dev.tributary.application.Page;
import dev.tributary.application.RequestId;
import dev.tributary.application.UnitOfWork;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.user.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The latest version of each state, in memory; just enough for the use cases behind HTTP. */
final class FakeStore implements UnitOfWork, OrderHistory {

  private final Map<StateKey<?>, Versioned<?>> states = new ConcurrentHashMap<>();
  private final Map<UserId, List<StateKey<Order>>> placed = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Runnable before = () -> {};

  /** @param hook runs before every call; what it throws, the call throws */
  void before(Runnable hook) {
    before = hook;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <S> Optional<Versioned<S>> load(StateKey<S> key) {
    before.run();
    return Optional.ofNullable((Versioned<S>) states.get(key));
  }

  @Override
  public Partitioning partitioning() {
    return Partitioning.ONE;
  }

  @Override
  public CommitResult commit(RequestId cause, Work work) {
    before.run();
    lock.lock();
    try {
      for (Change<?> change : work.changes()) {
        Versioned<?> held = states.get(change.key());
        if ((held == null ? 0 : held.version()) != change.expectedVersion()) {
          return new CommitResult.Conflict(change.key());
        }
      }
      work.changes().forEach(this::store);
      return new CommitResult.Committed();
    } finally {
      lock.unlock();
    }
  }

  /** Puts a state there, whatever was there before. */
  <S> void put(StateKey<S> key, S state) {
    store(new Change<>(key, Optional.ofNullable(states.get(key)).map(Versioned::version).orElse(0L), state));
  }

  private <S> void store(Change<S> change) {
    states.put(change.key(), new Versioned<>(change.key(), change.expectedVersion() + 1, change.state()));
    if (change.state() instanceof Order order && change.expectedVersion() == 0) {
      placed.computeIfAbsent(order.purchase().userId(), _ -> new ArrayList<>())
          .addFirst(Order.key(order.purchase().id()));
    }
  }

  @Override
  public Page<Order> ordersOf(UserId userId, Optional<String> after, int limit) {
    before.run();
    List<StateKey<Order>> newestFirst = placed.getOrDefault(userId, List.of());
    int from = after.map(cursor -> position(newestFirst, cursor)).orElse(0);
    int to = Math.min(from + limit, newestFirst.size());
    List<Order> items = newestFirst.subList(from, to).stream().map(key -> load(key).orElseThrow().state()).toList();
    return new Page<>(items, to < newestFirst.size() ? Optional.of(newestFirst.get(to - 1).id()) : Optional.empty());
  }

  private static int position(List<StateKey<Order>> newestFirst, String cursor) {
    int position = newestFirst.indexOf(new StateKey<>(Order.AGGREGATE, cursor));
    if (position < 0) {
      throw new IllegalArgumentException("secret text of a store about a cursor");
    }
    return position + 1;
  }
}
