package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.Work;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.user.UserId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** States, marks and events in memory, committed in one step; away when told to be. */
final class FakeStore implements UnitOfWork, OrderHistory {

  /** What may befall a commit. To its caller both look the same. */
  enum Trouble {
    NOT_STORED, REPLY_LOST
  }

  private final Partitioning partitioning;
  private final Map<StateKey<?>, Versioned<?>> states = new HashMap<>();
  private final List<StateKey<Order>> newestFirst = new ArrayList<>();
  private final List<Recorded<?>> events = new ArrayList<>();
  private final List<RequestId> requests = new ArrayList<>();
  private final Set<RequestId> done = new HashSet<>();
  private final Deque<Trouble> troubles = new ArrayDeque<>();
  private boolean away;

  FakeStore() {
    this(Partitioning.ONE);
  }

  FakeStore(Partitioning partitioning) {
    this.partitioning = partitioning;
  }

  /** The next commits, one each. */
  void expect(Trouble... next) {
    Collections.addAll(troubles, next);
  }

  /** No load works from now on. */
  void goAway() {
    away = true;
  }

  /** The causes of all commits, those that failed too. */
  List<RequestId> requests() {
    return List.copyOf(requests);
  }

  List<Recorded<?>> events() {
    return List.copyOf(events);
  }

  int size() {
    return states.size();
  }

  /** A state in its first version. */
  <S> void hold(StateKey<S> key, S state) {
    store(Change.creation(key, state));
  }

  /** Commits as an adapter does with what a handler returned. */
  void settle(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Settled.class);
    assertThat(store(((Outcome.Settled) outcome).work())).isEqualTo(new CommitResult.Committed());
  }

  @Override
  @SuppressWarnings("unchecked")
  public <S> Optional<Versioned<S>> load(StateKey<S> key) {
    if (away) {
      throw new StoreUnavailableException("away");
    }
    return Optional.ofNullable((Versioned<S>) states.get(key));
  }

  @Override
  public Partitioning partitioning() {
    return partitioning;
  }

  @Override
  public CommitResult commit(RequestId cause, Work work) {
    requests.add(cause);
    Optional<Trouble> trouble = Optional.ofNullable(troubles.poll());
    if (trouble.equals(Optional.of(Trouble.NOT_STORED))) {
      throw new StoreUnavailableException("not stored");
    }
    CommitResult result = done.contains(cause) ? new CommitResult.Duplicate() : store(work);
    if (result instanceof CommitResult.Committed) {
      done.add(cause);
    }
    if (trouble.isPresent()) {
      throw new StoreUnavailableException("stored, but the reply was lost");
    }
    return result;
  }

  private CommitResult store(Work work) {
    Topic<?> topic = work.changes().getFirst().key().aggregate().topic();
    work.requireWithin(topic, partitioning, partitioning.of(work.changes().getFirst().key().id()));
    for (Change<?> change : work.changes()) {
      if (version(change.key()) != change.expectedVersion()) {
        return new CommitResult.Conflict(change.key());
      }
    }
    work.changes().forEach(this::store);
    events.addAll(work.events());
    return new CommitResult.Committed();
  }

  private <S> void store(Change<S> change) {
    states.put(change.key(), new Versioned<>(change.key(), change.expectedVersion() + 1, change.state()));
    if (change.state() instanceof Order order && change.expectedVersion() == 0) {
      newestFirst.addFirst(Order.key(order.purchase().id()));
    }
  }

  private long version(StateKey<?> key) {
    return Optional.ofNullable(states.get(key)).map(Versioned::version).orElse(0L);
  }

  /** Cursors are the ids of orders. */
  @Override
  public Page<Order> ordersOf(UserId userId, Optional<String> after, int limit) {
    List<Order> all = newestFirst.stream()
        .map(key -> load(key).orElseThrow().state())
        .filter(order -> order.purchase().userId().equals(userId))
        .toList();
    List<String> ids = all.stream().map(order -> order.purchase().id().value()).toList();
    int from = after.map(ids::indexOf).orElse(-1) + 1;
    int to = Math.min(from + limit, all.size());
    return new Page<>(all.subList(from, to), to < all.size() ? Optional.of(ids.get(to - 1)) : Optional.empty());
  }
}
