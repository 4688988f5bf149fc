package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One work on its way to {@code commit.lua}, encoded by whoever brings it: what cannot be encoded fails alone.
 *
 * @param mark where its cause is marked as handled; empty for what leaves no trace and needs none
 * @param acknowledged the delivery that it settles; empty for a request or a publication
 */
record Commit(String stream, Optional<Mark> mark, Optional<Acknowledged> acknowledged, List<State> states,
    List<byte[][]> events) {

  record Mark(String key, UUID cause) {}

  /** @param failed where its failed attempts are noted; empty if it never failed */
  record Acknowledged(Group group, String consumer, Lease lease, Optional<String> leaseKey, Optional<Failed> failed) {

    static Acknowledged of(Keys keys, Group group, String consumer, Delivered delivered) {
      Lease lease = delivered.lease();
      return new Acknowledged(group, consumer, lease,
          lease.fence() == Lease.NO_FENCE ? Optional.empty() : Optional.of(keys.lease(group)),
          delivered.failures() == 0 ? Optional.empty() : Optional.of(new Failed(keys.retry(group), keys.due(group))));
    }
  }

  record Failed(String retryKey, String dueKey) {}

  /**
   * Never compared.
   *
   * @param lifetime in ms; 0 for ever
   */
  @SuppressWarnings("ArrayRecordComponent")
  record State(String key, long expectedVersion, byte[] json, long lifetime, Optional<Listed> listed) {}

  record Listed(String key, String member) {}

  static Commit of(Keys keys, Optional<Mark> mark, Optional<Acknowledged> acknowledged, Work work) {
    return new Commit(keys.stream(), mark, acknowledged,
        work.changes().stream().map(change -> state(keys, change)).toList(),
        work.events().stream().map(EventCodec::encode).toList());
  }

  private static State state(Keys keys, Change<?> change) {
    StateFormat<?> format = StateCodec.format(change.key().aggregate());
    Optional<Listed> listed = change.expectedVersion() > 0
        ? Optional.empty()
        : format.listing(change.state())
            .map(listing -> new Listed(keys.list(listing.list(), listing.id()), listing.member()));
    long lifetime = change.key().aggregate().lifetime().map(Duration::toMillis).orElse(0L);
    return new State(keys.state(change.key()), change.expectedVersion(), StateCodec.encode(change), lifetime, listed);
  }

  /** A list of works, all of one stream, as the script's KEYS and ARGV. */
  static final class Arguments {

    private static final byte[] NONE = {};

    private final List<String> keys = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<byte[]> arguments = new ArrayList<>();

    Arguments(List<Commit> commits) {
      number(commits.getFirst().stream());
      add(commits.size());
      commits.forEach(this::add);
    }

    String[] keys() {
      return keys.toArray(String[]::new);
    }

    byte[][] arguments() {
      return arguments.toArray(byte[][]::new);
    }

    private void add(Commit commit) {
      add(commit.mark().map(Mark::key));
      add(commit.mark().map(mark -> mark.cause().toString()).orElse(""));
      add(commit.acknowledged().map(held -> held.group().name()).orElse(""));
      add(commit.acknowledged().map(Acknowledged::consumer).orElse(""));
      add(commit.acknowledged().map(held -> held.lease().entryId()).orElse(""));
      add(commit.acknowledged().map(held -> held.lease().deliveries()).orElse(0L));
      add(commit.acknowledged().map(held -> held.lease().fence()).orElse(Lease.NO_FENCE));
      add(commit.acknowledged().flatMap(Acknowledged::leaseKey));
      add(commit.acknowledged().flatMap(Acknowledged::failed).map(Failed::retryKey));
      add(commit.acknowledged().flatMap(Acknowledged::failed).map(Failed::dueKey));
      add(commit.states().size());
      commit.states().forEach(this::add);
      add(commit.events().size());
      commit.events().forEach(this::add);
    }

    private void add(State state) {
      add(Optional.of(state.key()));
      add(state.expectedVersion());
      arguments.add(state.json());
      add(state.lifetime());
      add(state.listed().map(Listed::key));
      add(state.listed().map(Listed::member).orElse(""));
    }

    private void add(byte[][] fields) {
      add(fields.length);
      arguments.addAll(List.of(fields));
    }

    /** A key's number; 0 for none. */
    private void add(Optional<String> key) {
      add(key.map(this::number).orElse(0));
    }

    private void add(long number) {
      add(Long.toString(number));
    }

    private void add(String text) {
      arguments.add(text.isEmpty() ? NONE : EventCodec.utf8(text));
    }

    private int number(String key) {
      return numbers.computeIfAbsent(key, added -> {
        keys.add(added);
        return keys.size();
      });
    }
  }
}
