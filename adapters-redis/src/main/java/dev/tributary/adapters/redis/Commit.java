package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.Change;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.Work;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One work on its way to {@code commit.lua} or {@code publish.lua}, encoded by whoever brings it: what cannot be encoded fails alone.
 *
 * @param mark where its cause is marked as handled; empty for what leaves no trace and needs none
 * @param acknowledged the delivery that it settles; empty for a request or a publication
 * @param events of each the values of {@link EventCodec#FIELDS}
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
          !delivered.noted() ? Optional.empty() : Optional.of(new Failed(keys.retry(group), keys.due(group))));
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

  /** One event alone, marked by its id. */
  static Commit publication(Keys keys, Recorded<?> event) {
    var mark = new Mark(keys.published(), event.id().value());
    return new Commit(keys.stream(), Optional.of(mark), Optional.empty(), List.of(),
        List.<byte[][]>of(EventCodec.encode(event)));
  }

  /** Whether all of it is one event, marked by its own id beside others in the same place. */
  private boolean isPublication(String markKey) {
    return mark.isPresent() && mark.get().key().equals(markKey) && acknowledged.isEmpty() && states.isEmpty()
        && events.size() == 1
        && Arrays.equals(events.getFirst()[0], EventCodec.utf8(mark.get().cause().toString()));
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

  /** A list of publications, all of one stream, as the KEYS and ARGV of {@code publish.lua}. */
  static final class Publications {

    private final String[] keys;
    private final byte[][] arguments;

    private Publications(String stream, String markKey, List<Commit> commits) {
      keys = new String[]{stream, markKey};
      var sizes = new byte[commits.size()];
      var strings = new ArrayList<byte[]>(1 + EventCodec.FIELDS.size() * (1 + commits.size()));
      strings.add(sizes);
      EventCodec.FIELDS.forEach(field -> strings.add(EventCodec.utf8(field)));
      for (int i = 0; i < sizes.length; i++) {
        byte[][] values = commits.get(i).events().getFirst();
        sizes[i] = (byte) ('0' + values.length);
        Collections.addAll(strings, values);
      }
      arguments = strings.toArray(byte[][]::new);
    }

    /** Empty if any is more than a publication. */
    static Optional<Publications> of(List<Commit> commits) {
      Commit first = commits.getFirst();
      return first.mark()
          .map(Mark::key)
          .filter(markKey -> commits.stream().allMatch(commit -> commit.isPublication(markKey)))
          .map(markKey -> new Publications(first.stream(), markKey, commits));
    }

    String[] keys() {
      return keys;
    }

    byte[][] arguments() {
      return arguments;
    }
  }

  /** A list of works, all of one stream, as the KEYS and ARGV of {@code commit.lua}. */
  static final class Arguments {

    private static final int NONE = 0;
    private static final int OF_ALL = 2 * Integer.BYTES;
    private static final int OF_WORK = 4 * Integer.BYTES;
    private static final int OF_DELIVERY = 5 * Integer.BYTES + Double.BYTES;
    private static final int OF_CHANGE = 2 * Integer.BYTES + Double.BYTES;
    private static final int STRINGS_OF_WORK = 8;

    private final Numbered keys = new Numbered();
    private final Numbered texts = new Numbered();
    private final ByteBuffer numbers;
    private final List<byte[]> strings;

    /** Each once, from 1. */
    private static final class Numbered {

      private final List<String> all = new ArrayList<>();
      private final Map<String, Integer> numbers = new HashMap<>();

      int number(String added) {
        Integer known = numbers.get(added);
        if (known != null) {
          return known;
        }
        all.add(added);
        numbers.put(added, all.size());
        return all.size();
      }
    }

    Arguments(List<Commit> commits) {
      keys.number(commits.getFirst().stream());
      EventCodec.FIELDS.forEach(texts::number);
      strings = new ArrayList<>(STRINGS_OF_WORK * commits.size());
      numbers = ByteBuffer.allocate(OF_ALL + commits.stream().mapToInt(Arguments::size).sum());
      numbers.putInt(commits.size()).putInt(NONE);
      commits.forEach(this::add);
      numbers.putInt(Integer.BYTES, texts.all.size());
    }

    private static int size(Commit commit) {
      return OF_WORK + (commit.acknowledged().isPresent() ? OF_DELIVERY : 0) + OF_CHANGE * commit.states().size()
          + Integer.BYTES * commit.events().size();
    }

    String[] keys() {
      return keys.all.toArray(String[]::new);
    }

    byte[][] arguments() {
      var arguments = new byte[1 + texts.all.size() + strings.size()][];
      int next = 0;
      arguments[next++] = numbers.array();
      for (String text : texts.all) {
        arguments[next++] = EventCodec.utf8(text);
      }
      for (byte[] string : strings) {
        arguments[next++] = string;
      }
      return arguments;
    }

    private void add(Commit commit) {
      numbers.putInt(key(commit.mark().map(Mark::key)))
          .putInt(commit.acknowledged().map(held -> texts.number(held.group().name())).orElse(NONE))
          .putInt(commit.states().size())
          .putInt(commit.events().size());
      commit.mark().ifPresent(mark -> add(mark.cause().toString()));
      commit.acknowledged().ifPresent(this::add);
      commit.states().forEach(this::add);
      commit.events().forEach(this::add);
    }

    private void add(Acknowledged held) {
      Lease lease = held.lease();
      numbers.putInt(texts.number(held.consumer()))
          .putInt(lease.fence() == Lease.NO_FENCE ? NONE : texts.number(Long.toString(lease.fence())))
          .putInt(key(held.leaseKey()))
          .putInt(key(held.failed().map(Failed::retryKey)))
          .putInt(key(held.failed().map(Failed::dueKey)))
          .putDouble((double) lease.deliveries());
      add(lease.entryId());
    }

    private void add(State state) {
      numbers.putInt(keys.number(state.key()))
          .putInt(key(state.listed().map(Listed::key)))
          .putDouble((double) state.lifetime());
      add(Long.toString(state.expectedVersion()));
      strings.add(state.json());
      state.listed().ifPresent(listed -> add(listed.member()));
    }

    private void add(byte[][] values) {
      numbers.putInt(values.length);
      Collections.addAll(strings, values);
    }

    private int key(Optional<String> key) {
      return key.isEmpty() ? NONE : keys.number(key.get());
    }

    private void add(String text) {
      strings.add(EventCodec.utf8(text));
    }
  }
}
