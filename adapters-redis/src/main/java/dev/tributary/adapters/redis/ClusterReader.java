package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.Group;
import io.lettuce.core.Consumer;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Reads partitions that lie on several nodes: a bell says which have news, and each of those is asked without blocking, all at once. Every second
 * all are, in case a ring was lost. A partition that cannot be read is left out for a moment, and keeps nobody from the others.
 */
final class ClusterReader implements NewEntries {

  private static final Duration LOOKED_AT_ALL_WITHIN = Duration.ofSeconds(1);
  private static final Duration SPARED_FOR = Duration.ofMillis(500);

  private final Connections connections;
  private final Map<String, Keys> partitions = new LinkedHashMap<>();
  private final Consumer<String> consumer;
  private final Joining joining;
  private final Journal journal;
  private final Bell bell;
  /** When to look at them again, in nanoseconds; those that are not here are read. */
  private final Map<String, Long> doubted = new HashMap<>();
  private final Set<String> failing = new HashSet<>();
  private final Set<String> known = new HashSet<>();
  private final Set<String> due = new LinkedHashSet<>();
  private long lookedAtAll = System.nanoTime() - LOOKED_AT_ALL_WITHIN.toNanos();

  ClusterReader(Connections connections, String prefix, List<Keys> partitions, Group group, String consumer,
      Journal journal) {
    this.connections = connections;
    this.consumer = Consumer.from(group.name(), consumer);
    this.joining = new Joining(connections, group, consumer);
    this.journal = journal;
    partitions.forEach(keys -> this.partitions.put(keys.stream(), keys));
    this.bell = connections.bell(prefix, Set.copyOf(this.partitions.keySet()));
    doubt();
  }

  @Override
  public List<Joining.Gap> ensureGroup() {
    var gaps = new ArrayList<Joining.Gap>();
    for (String stream : List.copyOf(doubted.keySet())) {
      if (isDue(stream)) {
        try {
          joining.join(Objects.requireNonNull(partitions.get(stream)), known.contains(stream)).ifPresent(gaps::add);
          recovered(stream);
        } catch (StoreUnavailableException e) {
          spare(stream, e);
        }
      }
    }
    return gaps;
  }

  private boolean isDue(String stream) {
    return doubted.getOrDefault(stream, Long.MAX_VALUE) - System.nanoTime() <= 0;
  }

  private void recovered(String stream) {
    doubted.remove(stream);
    known.add(stream);
    due.add(stream);
    if (failing.remove(stream) && failing.isEmpty()) {
      journal.readsAgain();
    }
  }

  @Override
  public boolean doubts() {
    return doubted.keySet().stream().anyMatch(this::isDue);
  }

  @Override
  public void doubt() {
    long now = System.nanoTime();
    partitions.keySet().forEach(stream -> doubted.put(stream, now));
  }

  @Override
  public boolean serves(String stream) {
    return !doubted.containsKey(stream);
  }

  @Override
  public void spare(String stream, StoreUnavailableException failure) {
    if (RedisFailure.says(failure, "NOGROUP")) {
      doubted.put(stream, System.nanoTime());
      return;
    }
    doubted.put(stream, System.nanoTime() + SPARED_FOR.toNanos());
    if (failing.add(stream)) {
      journal.cannotRead(stream + ": " + failure.getMessage(),
          failure.getCause() == null ? "" : String.valueOf(failure.getCause().getMessage()));
    }
    if (failing.size() == partitions.size()) {
      failing.clear();
      throw failure;
    }
  }

  @Override
  public List<GroupReader.Read> read(int limit, Duration block) throws InterruptedException {
    Duration untilAll = LOOKED_AT_ALL_WITHIN.minusNanos(System.nanoTime() - lookedAtAll);
    Duration atMost = block.compareTo(untilAll) < 0 ? block : untilAll;
    due.addAll(bell.await(due.isEmpty() && atMost.isPositive() ? atMost : Duration.ZERO));
    if (System.nanoTime() - lookedAtAll >= LOOKED_AT_ALL_WITHIN.toNanos()) {
      lookedAtAll = System.nanoTime();
      due.addAll(partitions.keySet());
    }
    List<String> next = due.stream().filter(this::serves).limit(limit).toList();
    // What cannot be read now is looked at when it can be again.
    due.removeIf(stream -> !serves(stream));
    return next.isEmpty() ? List.of() : read(next, limit / next.size());
  }

  private List<GroupReader.Read> read(List<String> streams, int count) {
    var replies = new LinkedHashMap<String, CompletionStage<List<StreamMessage<String, byte[]>>>>();
    streams.forEach(stream -> replies.put(stream, ask(stream, count)));
    var read = new ArrayList<GroupReader.Read>();
    var failures = new LinkedHashMap<String, StoreUnavailableException>();
    replies.forEach((stream, reply) -> {
      due.remove(stream);
      try {
        List<StreamMessage<String, byte[]>> messages = connections.await(reply);
        messages.forEach(message -> read.add(GroupReader.delivered(message)));
        if (messages.size() == count) {
          // Behind the others.
          due.add(stream);
        }
      } catch (StoreUnavailableException e) {
        failures.put(stream, e);
      }
    });
    if (read.isEmpty()) {
      failures.forEach(this::spare);
    } else {
      // What was read has to be handled, whatever else failed: its turn comes next time.
      due.addAll(failures.keySet());
    }
    return read;
  }

  @SuppressWarnings("unchecked")
  private CompletionStage<List<StreamMessage<String, byte[]>>> ask(String stream, int count) {
    return connections.shared()
        .xreadgroup(consumer, XReadArgs.Builder.count(count), XReadArgs.StreamOffset.lastConsumed(stream));
  }

  @Override
  public void unblock() {
    bell.ring();
  }

  @Override
  public void close() {
    bell.close();
  }
}
