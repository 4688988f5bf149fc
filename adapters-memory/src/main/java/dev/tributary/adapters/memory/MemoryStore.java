package dev.tributary.adapters.memory;

import dev.tributary.application.CommitResult;
import dev.tributary.application.RequestId;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.Work;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The server that there is none of: logs, groups and states under one lock. Several {@link MemoryMessaging} may share it, as processes do. */
final class MemoryStore {

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Topic<?>, Log> logs = new HashMap<>();
  private final Map<StateKey<?>, Versioned<?>> states = new HashMap<>();
  private final Set<UUID> requests = new HashSet<>();
  private final Set<UUID> published = new HashSet<>();

  MemoryStore(InstantSource clock) {
    this.clock = clock;
  }

  <S> Optional<Versioned<S>> load(StateKey<S> key) {
    return locked(() -> Optional.ofNullable(states.get(key)).map(found -> cast(key, found)));
  }

  /** Every state of a kind, in no order. */
  <S> List<S> all(Class<S> type) {
    return locked(
        () -> states.values().stream().map(Versioned::state).filter(type::isInstance).<S>map(type::cast).toList());
  }

  void publish(Topic<?> topic, List<? extends Recorded<?>> events) {
    locked(() -> events.stream()
        .filter(event -> published.add(event.id().value()))
        .map(event -> append(topic, event))
        .count());
  }

  CommitResult commit(RequestId cause, Work work) {
    Topic<?> topic = work.changes().getFirst().key().aggregate().topic();
    work.requireWithin(topic);
    return locked(() -> {
      if (requests.contains(cause.value())) {
        return new CommitResult.Duplicate();
      }
      Optional<StateKey<?>> conflict = conflict(work);
      if (conflict.isPresent()) {
        return new CommitResult.Conflict(conflict.get());
      }
      write(topic, work);
      requests.add(cause.value());
      return new CommitResult.Committed();
    });
  }

  /** @param alive the deliveries that this consumer works on: taking anything shows that it is alive */
  List<Held> take(Topic<?> topic, Group group, Consumer consumer, int limit, Duration lease, Collection<Held> alive) {
    return locked(() -> {
      GroupState state = log(topic).group(group);
      Instant now = clock.instant();
      alive.forEach(held -> state.renew(held, now.plus(lease)));
      return state.take(consumer, limit, now, lease);
    });
  }

  Settlement settle(Topic<?> topic, Group group, Held held, Work work) {
    work.requireWithin(topic);
    return locked(() -> {
      GroupState state = log(topic).group(group);
      if (!state.holds(held)) {
        return Settlement.FENCED;
      }
      if (!work.isNone() && state.wasHandled(held.event().id().value())) {
        state.settle(held);
        return Settlement.DUPLICATE;
      }
      if (conflict(work).isPresent()) {
        return Settlement.CONFLICT;
      }
      write(topic, work);
      if (!work.isNone()) {
        state.markHandled(held.event().id().value());
      }
      state.settle(held);
      return Settlement.COMMITTED;
    });
  }

  /** Leaves it to whoever comes first from then on. */
  void free(Topic<?> topic, Group group, Held held, int failures, Duration after) {
    locked(() -> {
      GroupState state = log(topic).group(group);
      if (state.holds(held)) {
        state.free(held, failures, clock.instant().plus(after));
      }
      return held;
    });
  }

  void bury(Topic<?> topic, Group group, Held held, int attempts, String reason) {
    locked(() -> {
      GroupState state = log(topic).group(group);
      if (state.holds(held)) {
        state.bury(held, new DeadLetter(held.event(), reason, attempts, clock.instant()));
      }
      return held;
    });
  }

  void seize(Topic<?> topic, Group group, Duration lease) {
    locked(() -> {
      log(topic).group(group).seize(new Consumer("thief"), clock.instant().plus(lease));
      return lease;
    });
  }

  long unsettled(Topic<?> topic, Group group) {
    return locked(() -> log(topic).group(group).unsettled());
  }

  List<DeadLetter> deadLetters(Topic<?> topic, Group group) {
    return locked(() -> log(topic).group(group).deadLetters());
  }

  List<Log.Stored> read(Topic<?> topic, EntryId after, int limit) {
    return locked(() -> log(topic).after(after, limit));
  }

  /** Until something changed, or for that long of real time: a clock that tests move wakes nobody. May return early. */
  @SuppressWarnings("WaitNotInLoop") // The caller looks again in any case.
  void awaitChange(Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var _ = changed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      lock.unlock();
    }
  }

  private Optional<StateKey<?>> conflict(Work work) {
    Stream<StateKey<?>> conflicting = work.changes()
        .stream()
        .filter(change -> version(change.key()) != change.expectedVersion())
        .map(Change::key);
    return conflicting.findFirst();
  }

  private long version(StateKey<?> key) {
    Versioned<?> found = states.get(key);
    return found == null ? 0 : found.version();
  }

  private void write(Topic<?> topic, Work work) {
    work.changes().forEach(this::write);
    work.events().forEach(event -> append(topic, event));
  }

  private <S> void write(Change<S> change) {
    states.put(change.key(), new Versioned<>(change.key(), change.expectedVersion() + 1, change.state()));
  }

  private EntryId append(Topic<?> topic, Recorded<?> event) {
    return log(topic).append(event, clock.instant());
  }

  private Log log(Topic<?> topic) {
    return logs.computeIfAbsent(topic, _ -> new Log());
  }

  private <T> T locked(Supplier<T> step) {
    lock.lock();
    try {
      T result = step.get();
      changed.signalAll();
      return result;
    } finally {
      lock.unlock();
    }
  }

  private static <S> Versioned<S> cast(StateKey<S> key, Versioned<?> found) {
    return new Versioned<>(key, found.version(), key.aggregate().type().cast(found.state()));
  }
}
