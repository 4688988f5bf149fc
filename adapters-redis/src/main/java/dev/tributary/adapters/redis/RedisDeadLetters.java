package dev.tributary.adapters.redis;

import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters;
import dev.tributary.application.Page;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A group's dead letters are a stream of their own; a redrive puts their entries back into the group's pending list. */
final class RedisDeadLetters implements DeadLetters {

  private static final int MOST = Page.MOST;
  private static final double NANOS_A_MILLI = 1_000_000;

  private final Connections connections;
  private final Partitions partitions;

  RedisDeadLetters(Connections connections, Partitions partitions) {
    this.connections = connections;
    this.partitions = partitions;
  }

  @Override
  public List<DeadLetter> list(Topic<?> topic, int partition, Group group, EntryId after, int limit) {
    Page.requireLimit(limit);
    return page(partitions.of(topic, partition).keys(), group, after, Range.Boundary.unbounded(), limit);
  }

  private List<DeadLetter> page(Keys keys, Group group, EntryId after, Range.Boundary<String> end, int limit) {
    return new Pages(connections, keys.dead(group)).read(after.toString(), end, limit)
        .stream()
        .map(message -> new LetterFields(message).toDeadLetter())
        .toList();
  }

  @Override
  public Redriven redrive(Topic<?> topic, int partition, Group group, Selection which, Pace pace) {
    Keys keys = partitions.of(topic, partition).keys();
    var redrive = new Redrive(keys, group, pace);
    // Also without any: so that a group that does not exist is told of.
    redrive.deliver(List.of());
    forEachBatch(keys, group, which, redrive::deliver);
    return new Redriven(redrive.matched, redrive.redriven);
  }

  /** With a fraction: thousands a second are less than one apart. */
  private static String millis(Duration duration) {
    return Double.toString(duration.toNanos() / NANOS_A_MILLI);
  }

  /** In batches, each due behind the one before. */
  private final class Redrive {

    private final Keys keys;
    private final Group group;
    private final Pace pace;
    private long matched;
    private long redriven;

    Redrive(Keys keys, Group group, Pace pace) {
      this.keys = keys;
      this.group = group;
      this.pace = pace;
    }

    void deliver(List<EntryId> ids) {
      var arguments = new ArrayList<>(
          List.of(group.name(), millis(pace.delayOf(redriven)), millis(pace.apart())));
      ids.forEach(id -> arguments.add(id.toString()));
      try {
        List<Object> reply = Script.REDRIVE.call(connections,
            List.of(keys.stream(), keys.dead(group), keys.due(group), keys.retry(group), keys.consumers(group),
                keys.checkpoint(group), keys.lease(group), keys.parked(group)),
            arguments.toArray(String[]::new));
        matched += (Long) reply.get(0);
        redriven += (Long) reply.get(1);
      } catch (StoreUnavailableException e) {
        if (RedisFailure.says(e, "NOGROUP")) {
          throw new IllegalArgumentException("there is no group " + group + " on " + keys.stream(), e);
        }
        throw e;
      }
    }
  }

  @Override
  public long count(Topic<?> topic, int partition, Group group, Selection which) {
    Keys keys = partitions.of(topic, partition).keys();
    var count = new long[1];
    forEachBatch(keys, group, which, ids -> count[0] += existing(keys, group, which, ids));
    return count[0];
  }

  /** A filter has only found what is there. */
  private long existing(Keys keys, Group group, Selection which, List<EntryId> ids) {
    return switch (which) {
      case Selection.Ids _ -> ids.stream().filter(id -> exists(keys, group, id)).count();
      case Selection.Filter _ -> ids.size();
    };
  }

  private boolean exists(Keys keys, Group group, EntryId id) {
    return !connections.ask(redis -> redis
        .xrange(keys.dead(group), Range.create(id.toString(), id.toString()))).isEmpty();
  }

  private void forEachBatch(Keys keys, Group group, Selection which, Consumer<List<EntryId>> batch) {
    switch (which) {
      case Selection.Ids(Set<EntryId> ids) -> batches(ids).forEach(batch);
      case Selection.Filter filter -> forEachMatch(keys, group, filter, batch);
    }
  }

  private static List<List<EntryId>> batches(Set<EntryId> ids) {
    List<EntryId> ordered = ids.stream().sorted().toList();
    var batches = new ArrayList<List<EntryId>>();
    for (int from = 0; from < ordered.size(); from += MOST) {
      batches.add(ordered.subList(from, Math.min(ordered.size(), from + MOST)));
    }
    return batches;
  }

  /** Up to the last that is there now: what fails again while this goes on is not met twice. */
  private void forEachMatch(Keys keys, Group group, Selection.Filter filter, Consumer<List<EntryId>> batch) {
    Optional<EntryId> last = last(keys, group);
    if (last.isEmpty()) {
      return;
    }
    Range.Boundary<String> end = Range.Boundary.including(last.get().toString());
    EntryId after = EntryId.START;
    for (List<DeadLetter> page = page(keys, group, after, end, MOST); !page.isEmpty(); page = page(keys, group, after,
        end, MOST)) {
      after = page.getLast().id();
      List<EntryId> matching = page.stream().filter(filter::agrees).map(DeadLetter::id).toList();
      if (!matching.isEmpty()) {
        batch.accept(matching);
      }
    }
  }

  private Optional<EntryId> last(Keys keys, Group group) {
    Iterator<StreamMessage<String, byte[]>> newest = connections.ask(redis -> redis
        .xrevrange(keys.dead(group), Range.unbounded(), Limit.from(1))).iterator();
    return newest.hasNext() ? Optional.of(EntryId.parse(newest.next().getId())) : Optional.empty();
  }

  @Override
  public long discard(Topic<?> topic, int partition, Group group, Set<EntryId> ids) {
    Keys keys = partitions.of(topic, partition).keys();
    return batches(ids).stream()
        .map(batch -> batch.stream().map(EntryId::toString).toArray(String[]::new))
        .mapToLong(batch -> (Long) Script.DISCARD
            .call(connections, List.of(keys.dead(group), keys.parked(group)), batch)
            .getFirst())
        .sum();
  }
}
