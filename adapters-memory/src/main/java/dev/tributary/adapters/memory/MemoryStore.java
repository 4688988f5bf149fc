package dev.tributary.adapters.memory;

import dev.tributary.adapters.memory.Taken.Parked;
import dev.tributary.application.AuditLog.Deed;
import dev.tributary.application.CommitResult;
import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters.Pace;
import dev.tributary.application.DeadLetters.Redriven;
import dev.tributary.application.DeadLetters.Selection;
import dev.tributary.application.Failure;
import dev.tributary.application.Groups;
import dev.tributary.application.PendingDelivery;
import dev.tributary.application.RequestId;
import dev.tributary.application.Retention;
import dev.tributary.application.StreamStatus;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Shares;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.Work;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The server that there is none of: logs, groups and states under one lock. Several {@link MemoryMessaging} may share it, as processes do. */
final class MemoryStore {

  private final InstantSource clock;
  private final Partitioning partitioning;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Place, Log> logs = new HashMap<>();
  private final Map<StateKey<?>, Kept> states = new HashMap<>();
  private final NavigableMap<EntryId, Deed> deeds = new TreeMap<>();
  private final EntryIds deedIds = new EntryIds();

  private record Place(Topic<?> topic, int partition) {}

  /** A state and when it expires. */
  private record Kept(Versioned<?> state, Instant until) {}

  MemoryStore(InstantSource clock, Partitioning partitioning) {
    this.clock = clock;
    this.partitioning = partitioning;
  }

  Partitioning partitioning() {
    return partitioning;
  }

  /** Every entry stands in the partition of its key. */
  int partitionOf(Held held) {
    return partitioning.of(held.entry().event().event().key());
  }

  Instant now() {
    return clock.instant();
  }

  <S> Optional<Versioned<S>> load(StateKey<S> key) {
    return locked(() -> kept(key).map(found -> cast(key, found)));
  }

  /** Every state of a kind, in no order. */
  <S> List<S> all(Class<S> type) {
    return locked(
        () -> states.values()
            .stream()
            .filter(this::isAlive)
            .map(kept -> kept.state().state())
            .filter(type::isInstance)
            .<S>map(type::cast)
            .toList());
  }

  void publish(Topic<?> topic, List<? extends Recorded<?>> events) {
    change(() -> events.forEach(event -> publish(log(topic, partitioning.of(event.event().key())), event)));
  }

  private void publish(Log log, Recorded<?> event) {
    if (log.published().add(event.id().value(), now())) {
      log.append(event, now());
    }
  }

  CommitResult commit(RequestId cause, Work work) {
    StateKey<?> first = work.changes().getFirst().key();
    Topic<?> topic = first.aggregate().topic();
    int partition = partitioning.of(first.id());
    work.requireWithin(topic, partitioning, partition);
    return changing(() -> {
      Log log = log(topic, partition);
      if (log.requests().has(cause.value())) {
        return new CommitResult.Duplicate();
      }
      Optional<StateKey<?>> conflict = conflict(work);
      if (conflict.isPresent()) {
        return new CommitResult.Conflict(conflict.get());
      }
      write(log, work);
      log.requests().add(cause.value(), now());
      return new CommitResult.Committed();
    });
  }

  /** @return false if the delivery is no longer that consumer's */
  boolean renew(Topic<?> topic, Group group, Held held, Duration lease) {
    return locked(() -> {
      Optional<GroupState> state = holding(topic, group, held);
      state.ifPresent(found -> found.renew(held, now().plus(lease)));
      return state.isPresent();
    });
  }

  /** Makes the group where it is missing. */
  Taken take(SubscriptionSpec<?> spec, Consumer consumer, int limit, Duration lease) {
    return locked(() -> {
      Instant now = now();
      List<Log> logs = logs(spec.topic());
      long missing = logs.stream().filter(log -> log.group(spec.group()).isEmpty()).count();
      long gaps = consumer.join() ? missing : 0;
      logs.forEach(log -> log.makeGroup(spec).join(consumer));
      Set<Integer> share = share(spec, consumer);
      // None before the others: however much there is in one, it holds nobody up.
      List<Integer> numbers = IntStream.range(0, logs.size()).boxed().collect(Collectors.toCollection(ArrayList::new));
      Collections.shuffle(numbers);
      var lost = new ArrayList<Stored>();
      var taken = new ArrayList<Held>();
      var parked = new ArrayList<Parked>();
      for (int number : numbers) {
        Log log = logs.get(number);
        GroupState state = log.makeGroup(spec);
        if (state.mayRead(consumer, share.contains(number), now, lease)) {
          lost.addAll(state.dropLost(now));
          state.take(consumer, limit - taken.size(), now, lease)
              .forEach(held -> behind(spec, log, held).ifPresentOrElse(
                  before -> parked.add(park(log, state, spec.group(), held, before)), () -> taken.add(held)));
        }
      }
      return new Taken(taken, lost, parked, gaps);
    });
  }

  private Set<Integer> share(SubscriptionSpec<?> spec, Consumer consumer) {
    if (!spec.ordering().isPerKey()) {
      return Set.of();
    }
    Set<String> members = log(spec.topic(), 0).makeGroup(spec).members();
    return Shares.of(members, partitioning.count()).getOrDefault(consumer.toString(), Set.of());
  }

  private static Optional<EntryId> behind(SubscriptionSpec<?> spec, Log log, Held held) {
    return spec.ordering() == Ordering.PER_KEY_PARKED && spec.events().isInstance(held.entry().event().event())
        ? log.letters(spec.group()).lastBefore(held.entry())
        : Optional.empty();
  }

  private Parked park(Log log, GroupState state, Group group, Held held, EntryId before) {
    state.settle(held);
    log.letters(group).add(held, 0, Failure.parked(before.toString()), now());
    return new Parked(held, before);
  }

  /** @return how many dead letters expired, for each group of which any did */
  Map<Group, Long> trim(Topic<?> topic, Retention retention) {
    return locked(() -> {
      states.values().removeIf(kept -> !isAlive(kept));
      var expired = new HashMap<Group, Long>();
      logs(topic).forEach(log -> log.trim(retention.groupsOf(topic), retention.span(), now())
          .forEach((group, count) -> expired.merge(group, count, Long::sum)));
      return expired;
    });
  }

  Settlement settle(Topic<?> topic, Group group, Held held, Work work) {
    return changing(() -> {
      Optional<GroupState> state = holding(topic, group, held);
      if (state.isEmpty()) {
        return Settlement.FENCED;
      }
      Log log = log(topic, partitionOf(held));
      Marks handled = log.handled(group);
      if (!work.isNone() && handled.has(held.entry().cause())) {
        state.get().settle(held);
        return Settlement.DUPLICATE;
      }
      if (conflict(work).isPresent()) {
        return Settlement.CONFLICT;
      }
      write(log, work);
      if (!work.isNone()) {
        handled.add(held.entry().cause(), now());
      }
      state.get().settle(held);
      return Settlement.COMMITTED;
    });
  }

  /**
   * Leaves it to whoever comes first from then on.
   *
   * @return false if the delivery is no longer that consumer's
   */
  boolean retry(Topic<?> topic, Group group, Held held, Duration after) {
    return free(topic, group, held, held.failures().oneMore(now()), after);
  }

  /** As {@link #retry}, but that nothing has failed. */
  boolean release(Topic<?> topic, Group group, Held held, Duration after) {
    return free(topic, group, held, held.failures(), after);
  }

  private boolean free(Topic<?> topic, Group group, Held held, Failures failures, Duration after) {
    return changing(() -> {
      Optional<GroupState> state = holding(topic, group, held);
      state.ifPresent(found -> found.free(held, failures, now().plus(after)));
      return state.isPresent();
    });
  }

  /** @return false if the delivery is no longer that consumer's */
  boolean bury(Topic<?> topic, Group group, Held held, Failure failure) {
    return changing(() -> {
      Optional<GroupState> state = holding(topic, group, held);
      state.ifPresent(found -> {
        found.settle(held);
        log(topic, partitionOf(held)).letters(group).add(held, held.attempt(), failure, now());
      });
      return state.isPresent();
    });
  }

  void leave(Topic<?> topic, Group group, Consumer consumer) {
    change(() -> groups(topic, group).forEach(state -> state.leave(consumer)));
  }

  List<Stored> read(Topic<?> topic, int partition, EntryId after, int limit) {
    return locked(() -> log(topic, partition).after(after, limit));
  }

  // Dead letters.

  List<DeadLetter> deadLetters(Topic<?> topic, int partition, Group group, EntryId after, int limit) {
    return locked(() -> log(topic, partition).letters(group).after(after, limit));
  }

  long count(Topic<?> topic, int partition, Group group, Selection which) {
    return locked(() -> log(topic, partition).letters(group).selected(which).size());
  }

  long discard(Topic<?> topic, int partition, Group group, Selection which) {
    return changing(() -> {
      Letters letters = log(topic, partition).letters(group);
      List<Letters.Buried> discarded = letters.selected(which);
      letters.remove(discarded);
      return discarded.size();
    });
  }

  /** Each becomes pending again in the same step in which its letter goes: whoever comes second finds no letter. */
  Redriven redrive(Topic<?> topic, int partition, Group group, Selection which, Pace pace) {
    return changing(() -> {
      GroupState state = log(topic, partition).group(group)
          .orElseThrow(() -> new IllegalArgumentException("no group " + group + " of " + topic));
      Letters letters = log(topic, partition).letters(group);
      List<Letters.Buried> chosen = letters.selected(which);
      letters.remove(chosen);
      Instant now = now();
      for (int i = 0; i < chosen.size(); i++) {
        state.revive(chosen.get(i).entry(), now.plus(pace.delayOf(i)));
      }
      return new Redriven(chosen.size(), chosen.size());
    });
  }

  // What operators look at, and what they did.

  List<StreamStatus> streams() {
    return locked(() -> Groups.TOPICS.stream()
        .flatMap(topic -> IntStream.range(0, partitioning.count()).mapToObj(i -> log(topic, i).status(topic, i, now())))
        .toList());
  }

  List<PendingDelivery> pending(Topic<?> topic, int partition, Group group, EntryId after, int limit) {
    return locked(
        () -> log(topic, partition).group(group)
            .map(state -> state.pending(after, limit, now()))
            .orElse(List.<PendingDelivery>of()));
  }

  void record(String who, String action, String target, String result) {
    change(() -> {
      EntryId id = deedIds.next(now());
      deeds.put(id, new Deed(id, Instant.ofEpochMilli(id.millis()), who, action, target, result));
    });
  }

  List<Deed> deeds(EntryId after, int limit) {
    return locked(() -> deeds.tailMap(after, false).values().stream().limit(limit).toList());
  }

  /** For tools that look at the partitions of a topic, or break them, in one step. Wakes nobody. */
  <T> T inLogs(Topic<?> topic, Function<List<Log>, T> step) {
    return locked(() -> step.apply(logs(topic)));
  }

  /** Forgets everything. */
  void empty() {
    change(() -> {
      logs.clear();
      states.clear();
      deeds.clear();
    });
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

  private Optional<GroupState> holding(Topic<?> topic, Group group, Held held) {
    return log(topic, partitionOf(held)).group(group).filter(state -> state.holds(held));
  }

  private Optional<StateKey<?>> conflict(Work work) {
    Stream<StateKey<?>> conflicting = work.changes()
        .stream()
        .filter(change -> version(change.key()) != change.expectedVersion())
        .map(Change::key);
    return conflicting.findFirst();
  }

  private long version(StateKey<?> key) {
    return kept(key).map(Versioned::version).orElse(0L);
  }

  private Optional<Versioned<?>> kept(StateKey<?> key) {
    return Optional.ofNullable(states.get(key)).filter(this::isAlive).map(Kept::state);
  }

  private boolean isAlive(Kept kept) {
    return now().isBefore(kept.until());
  }

  private void write(Log log, Work work) {
    work.changes().forEach(this::write);
    work.events().forEach(event -> log.append(event, now()));
  }

  private <S> void write(Change<S> change) {
    var state = new Versioned<>(change.key(), change.expectedVersion() + 1, change.state());
    Instant until = change.key().aggregate().lifetime().map(now()::plus).orElse(Instant.MAX);
    states.put(change.key(), new Kept(state, until));
  }

  private Log log(Topic<?> topic, int partition) {
    return logs.computeIfAbsent(new Place(topic, Objects.checkIndex(partition, partitioning.count())), _ -> new Log());
  }

  private List<Log> logs(Topic<?> topic) {
    return IntStream.range(0, partitioning.count()).mapToObj(partition -> log(topic, partition)).toList();
  }

  private List<GroupState> groups(Topic<?> topic, Group group) {
    return logs(topic).stream().flatMap(log -> log.group(group).stream()).toList();
  }

  private void change(Runnable step) {
    changing(() -> {
      step.run();
      return step;
    });
  }

  /** Wakes who waits for a change. Looking must not: those who look would wake each other for ever. */
  private <T> T changing(Supplier<T> step) {
    return locked(() -> {
      T result = step.get();
      changed.signalAll();
      return result;
    });
  }

  private <T> T locked(Supplier<T> step) {
    lock.lock();
    try {
      return step.get();
    } finally {
      lock.unlock();
    }
  }

  private static <S> Versioned<S> cast(StateKey<S> key, Versioned<?> found) {
    return new Versioned<>(key, found.version(), key.aggregate().type().cast(found.state()));
  }
}
