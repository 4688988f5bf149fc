package dev.tributary.adapters.redis;

import dev.tributary.application.CommitResult;
import dev.tributary.application.RequestId;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.UnitOfWork;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Work;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** State lives in hashes beside the stream that tells of it. */
final class RedisUnitOfWork implements UnitOfWork {

  private final Connections connections;
  private final Partitions partitions;

  RedisUnitOfWork(Connections connections, Partitions partitions) {
    this.connections = connections;
    this.partitions = partitions;
  }

  @Override
  public <S> Optional<Versioned<S>> load(StateKey<S> key) {
    return loadAll(List.of(key)).stream().findFirst();
  }

  /** @return those that are there, in their order */
  <S> List<Versioned<S>> loadAll(List<StateKey<S>> wanted) {
    RedisClusterAsyncCommands<String, byte[]> redis = connections.shared();
    return Pipeline.run(wanted, key -> redis.hmget(partitions.of(key).keys().state(key), "v", "s"), this::versioned)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private <S> Optional<Versioned<S>> versioned(StateKey<S> key, RedisFuture<List<KeyValue<String, byte[]>>> reply) {
    List<KeyValue<String, byte[]>> stored = stored(key, reply);
    return stored.getFirst().hasValue() ? Optional.of(versioned(key, stored)) : Optional.empty();
  }

  /** @throws IllegalStateException if it is something else: that does not pass, as an absence of the store does */
  private List<KeyValue<String, byte[]>> stored(StateKey<?> key, RedisFuture<List<KeyValue<String, byte[]>>> reply) {
    try {
      return connections.await(reply);
    } catch (StoreUnavailableException e) {
      if (RedisFailure.says(e, "WRONGTYPE")) {
        throw new IllegalStateException("the stored state of " + key + " is no hash", e.getCause());
      }
      throw e;
    }
  }

  private static <S> Versioned<S> versioned(StateKey<S> key, List<KeyValue<String, byte[]>> stored) {
    long version = Long.parseLong(new String(stored.getFirst().getValue(), StandardCharsets.US_ASCII));
    return new Versioned<>(key, version, StateCodec.decode(key, stored.getLast().getValue()));
  }

  @Override
  public Partitioning partitioning() {
    return partitions.partitioning();
  }

  @Override
  public CommitResult commit(RequestId cause, Work work) {
    if (work.changes().isEmpty()) {
      throw new IllegalArgumentException("a request changes something");
    }
    StateKey<?> first = work.changes().getFirst().key();
    Partition partition = partitions.of(first);
    work.requireWithin(first.aggregate().topic(), partitions.partitioning(), partition.number());
    Verdict verdict = partition.takeIn().commit(Commit.request(partition.keys(), cause.value(), work));
    return switch (verdict) {
      case Verdict.Committed _ -> new CommitResult.Committed();
      case Verdict.Duplicate _ -> new CommitResult.Duplicate();
      case Verdict.Conflict(int change) -> new CommitResult.Conflict(work.changes().get(change).key());
      case Verdict.Broken(String reason) -> throw new StoreUnavailableException("Redis: " + reason);
      case Verdict.Fenced _ -> throw new IllegalStateException("a request holds no delivery that it could lose");
    };
  }
}
