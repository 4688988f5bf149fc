package dev.tributary.adapters.redis;

import static dev.tributary.adapters.redis.Replies.text;

import dev.tributary.application.ConsumerStatus;
import dev.tributary.application.GroupStatus;
import dev.tributary.application.Groups;
import dev.tributary.application.Operations;
import dev.tributary.application.Page;
import dev.tributary.application.PendingDelivery;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.eventjson.EventCodec;
import dev.tributary.eventjson.Fields;
import io.lettuce.core.KeyValue;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.models.stream.PendingMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Looks at streams and groups, each stream with one script. A lag is exact while it, or what was read, is short: up to
 * {@value #COUNTED} entries by two and by the number of groups, at least 100; a longer one is what Redis knows, or an estimate.
 */
final class RedisOperations implements Operations {

  private static final int COUNTED = 2_000;
  /** As {@code status.lua} numbers them. */
  private static final List<ConsumerStatus.Kind> KINDS = List.of(ConsumerStatus.Kind.STRANGER, ConsumerStatus.Kind.OURS,
      ConsumerStatus.Kind.REDRIVEN);

  private final Connections connections;
  private final Partitions partitions;

  RedisOperations(Connections connections, Partitions partitions) {
    this.connections = connections;
    this.partitions = partitions;
  }

  @Override
  public List<StreamStatus> streams() {
    RedisClusterAsyncCommands<String, byte[]> redis = connections.shared();
    List<Place> places = Groups.TOPICS.stream()
        .flatMap(topic -> partitions.of(topic).stream().map(partition -> new Place(topic, partition)))
        .toList();
    List<Inhabited> inhabited = Pipeline.run(places, place -> redis.xinfoGroups(place.stream()),
        (place, infos) -> new Inhabited(place, groups(infos)));
    return Pipeline.run(inhabited, each -> askStatus(redis, each),
        (each, reply) -> status(each.place(), connections.await(reply)));
  }

  private record Place(Topic<?> topic, Partition partition) {

    String stream() {
      return partition.keys().stream();
    }
  }

  private record Inhabited(Place place, List<Group> groups) {}

  private static CompletionStage<List<Object>> askStatus(RedisClusterAsyncCommands<String, byte[]> redis,
      Inhabited asked) {
    Keys keys = asked.place().partition().keys();
    var scriptKeys = new ArrayList<>(List.of(keys.stream()));
    var arguments = new ArrayList<>(List.of(Integer.toString(COUNTED)));
    for (Group group : asked.groups()) {
      scriptKeys.addAll(List.of(keys.due(group), keys.dead(group), keys.consumers(group)));
      arguments.add(group.name());
    }
    return Script.STATUS.send(redis, scriptKeys, arguments.toArray(String[]::new));
  }

  private static StreamStatus status(Place place, List<Object> reply) {
    long now = (Long) reply.get(0);
    List<GroupStatus> groups = ((List<?>) reply.get(4)).stream()
        .map(group -> group((List<?>) group, now))
        .sorted(Comparator.comparing(GroupStatus::group))
        .toList();
    return new StreamStatus(place.topic().name(), place.partition().number(), (Long) reply.get(1), id(reply.get(2)),
        id(reply.get(3)),
        groups);
  }

  /** Those that may be ours: others, whatever they are called, have no retries and no dead letters. */
  private List<Group> groups(CompletionStage<List<Object>> reply) {
    return infos(reply).stream().map(info -> text(info.get(1))).filter(Group::isName).map(Group::new).toList();
  }

  private Optional<String> lastDelivered(String stream, Group group) {
    return infos(connections.shared().xinfoGroups(stream)).stream()
        .filter(info -> text(info.get(1)).equals(group.name()))
        .map(RedisOperations::lastDelivered)
        .findFirst();
  }

  private static String lastDelivered(List<?> info) {
    int i = 0;
    while (!text(info.get(i)).equals("last-delivered-id")) {
      i += 2;
    }
    return text(info.get(i + 1));
  }

  private List<List<?>> infos(CompletionStage<List<Object>> reply) {
    try {
      return connections.await(reply)
          .stream()
          .<List<?>>map(List.class::cast)
          .toList();
    } catch (StoreUnavailableException e) {
      if (RedisFailure.says(e, "ERR no such key")) {
        return List.of();
      }
      throw e;
    }
  }

  private static GroupStatus group(List<?> reply, long now) {
    return new GroupStatus(text(reply.get(0)), (Long) reply.get(1), (Long) reply.get(2), (Long) reply.get(3),
        (Long) reply.get(4), id(reply.get(5)).map(oldest -> age(oldest, now)).orElse(Duration.ZERO),
        consumers((List<?>) reply.get(6)));
  }

  private static List<ConsumerStatus> consumers(List<?> flat) {
    var consumers = new ArrayList<ConsumerStatus>();
    for (int i = 0; i < flat.size(); i += 4) {
      consumers.add(new ConsumerStatus(text(flat.get(i)), (Long) flat.get(i + 1),
          Duration.ofMillis((Long) flat.get(i + 2)), KINDS.get(((Long) flat.get(i + 3)).intValue())));
    }
    consumers.sort(Comparator.comparing(ConsumerStatus::consumer));
    return consumers;
  }

  /** Of an id that is ahead of the clock, none. */
  private static Duration age(EntryId id, long now) {
    return Long.compareUnsigned(id.millis(), now) >= 0 ? Duration.ZERO : Duration.ofMillis(now - id.millis());
  }

  private static Optional<EntryId> id(Object reply) {
    String text = text(reply);
    return text.isEmpty() ? Optional.empty() : Optional.of(EntryId.parse(text));
  }

  @Override
  public List<PendingDelivery> pending(Topic<?> topic, int partition, Group group, EntryId after, int limit) {
    Page.requireLimit(limit);
    Keys keys = partitions.of(topic, partition).keys();
    List<PendingMessage> page = page(keys, group, after, limit);
    if (page.isEmpty()) {
      return List.of();
    }
    String[] ids = page.stream().map(PendingMessage::getId).toArray(String[]::new);
    List<KeyValue<String, byte[]>> attempts = connections.ask(redis -> redis.hmget(keys.retry(group), ids));
    List<Double> due = connections.ask(redis -> redis.zmscore(keys.due(group), bytes(ids)));
    long now = now();
    var pending = new ArrayList<PendingDelivery>();
    for (int i = 0; i < ids.length; i++) {
      EntryId id = EntryId.parse(ids[i]);
      pending.add(new PendingDelivery(id, page.get(i).getConsumer(), age(id, now), failures(attempts.get(i)),
          Optional.ofNullable(due.get(i)).map(RedisOperations::instant)));
    }
    return pending;
  }

  @Override
  public long skipped(SubscriptionSpec<?> spec, int partition, int limit) {
    Page.requireLimit(limit);
    Keys keys = partitions.of(spec.topic(), partition).keys();
    List<Passed> passed = passed(spec, keys, limit);
    if (passed.isEmpty()) {
      return 0;
    }
    byte[][] ids = passed.stream().map(each -> Utf8.bytes(each.event().toString())).toArray(byte[][]::new);
    List<Double> marks = connections.ask(redis -> redis.zmscore(keys.handled(spec.group()), ids));
    Set<String> known = pendingOrDead(keys, spec.group(), passed);
    int skipped = 0;
    while (skipped < ids.length && marks.get(skipped) == null && !known.contains(passed.get(skipped).entry())) {
      skipped++;
    }
    return skipped;
  }

  private record Passed(String entry, EventId event) {}

  /** The oldest entries that a group handles and that its position is behind. */
  private List<Passed> passed(SubscriptionSpec<?> spec, Keys keys, int limit) {
    Optional<String> delivered = lastDelivered(keys.stream(), spec.group());
    if (delivered.isEmpty()) {
      return List.of();
    }
    var passed = new ArrayList<Passed>();
    for (StreamMessage<String, byte[]> message : connections
        .ask(redis -> redis.xrange(keys.stream(), Range.create("-", delivered.get()), Limit.from(limit)))) {
      EventCodec.idOf(keys.stream(), new Entry(message.getId(), message.getBody()), spec.events())
          .ifPresent(event -> passed.add(new Passed(message.getId(), event)));
    }
    return passed;
  }

  private Set<String> pendingOrDead(Keys keys, Group group, List<Passed> passed) {
    Range<String> all = Range.create(passed.getFirst().entry(), passed.getLast().entry());
    var known = new HashSet<String>();
    connections.ask(redis -> redis.xpending(keys.stream(), group.name(), all, Limit.from(Page.MOST)))
        .forEach(pending -> known.add(pending.getId()));
    connections.ask(redis -> redis.xrange(keys.dead(group), Range.unbounded(), Limit.from(Page.MOST)))
        .forEach(letter -> known.add(new LetterFields(letter).toDeadLetter().entryId().toString()));
    return known;
  }

  private List<PendingMessage> page(Keys keys, Group group, EntryId after, int limit) {
    if (after.equals(EntryId.GREATEST)) {
      return List.of();
    }
    try {
      return connections.ask(redis -> redis
          .xpending(keys.stream(), group.name(),
              Range.from(Range.Boundary.excluding(after.toString()), Range.Boundary.unbounded()), Limit.from(limit)));
    } catch (StoreUnavailableException e) {
      if (RedisFailure.says(e, "NOGROUP")) {
        return List.of();
      }
      throw e;
    }
  }

  private static byte[][] bytes(String... ids) {
    var bytes = new byte[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      bytes[i] = Utf8.bytes(ids[i]);
    }
    return bytes;
  }

  /** As {@code retry.lua} notes them: {@code attempts:first failure}. */
  private static int failures(KeyValue<String, byte[]> note) {
    return note.hasValue() ? Integer.parseInt(text(note.getValue()).split(":", 2)[0]) : 0;
  }

  private static Instant instant(double millis) {
    return millis > Fields.LAST_INSTANT.toEpochMilli() ? Fields.LAST_INSTANT : Instant.ofEpochMilli((long) millis);
  }

  private long now() {
    List<byte[]> time = connections.ask(redis -> redis.time());
    return Long.parseLong(text(time.get(0))) * 1000 + Long.parseLong(text(time.get(1))) / 1000;
  }
}
