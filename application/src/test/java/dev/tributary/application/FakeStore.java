package dev.tributary.application;

import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps states with versions, remembers what was committed, and is away as often as it is told. */
final class FakeStore implements UnitOfWork {

  private final Map<StateKey<?>, Versioned<?>> states = new HashMap<>();
  private final Set<RequestId> requests = new HashSet<>();
  final List<RequestId> attempts = new ArrayList<>();
  final List<Work> committed = new ArrayList<>();
  int away;
  int repliesLost;

  @Override
  public <S> Optional<Versioned<S>> load(StateKey<S> key) {
    return Optional.ofNullable(states.get(key))
        .map(found -> new Versioned<>(key, found.version(), key.aggregate().type().cast(found.state())));
  }

  @Override
  public CommitResult commit(RequestId cause, Work work) {
    attempts.add(cause);
    if (away-- > 0) {
      throw new StoreUnavailableException("away");
    }
    if (!requests.add(cause)) {
      return new CommitResult.Duplicate();
    }
    Optional<Change<?>> conflict = work.changes()
        .stream()
        .filter(change -> version(change.key()) != change.expectedVersion())
        .findFirst();
    if (conflict.isPresent()) {
      return new CommitResult.Conflict(conflict.get().key());
    }
    work.changes().forEach(this::put);
    committed.add(work);
    if (repliesLost-- > 0) {
      throw new StoreUnavailableException("reply lost");
    }
    return new CommitResult.Committed();
  }

  <S> void put(Change<S> change) {
    states.put(change.key(), new Versioned<>(change.key(), change.expectedVersion() + 1, change.state()));
  }

  private long version(StateKey<?> key) {
    Versioned<?> found = states.get(key);
    return found == null ? 0 : found.version();
  }
}
