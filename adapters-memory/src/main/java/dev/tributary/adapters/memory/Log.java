package dev.tributary.adapters.memory;

import dev.tributary.application.GroupStatus;
import dev.tributary.application.StreamStatus;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The entries of one partition, its groups, and the marks that guard against doing twice. A group's marks and dead letters are no part of the group:
 * they stay when it vanishes. Guarded by the store's lock.
 */
final class Log {

  private final NavigableMap<EntryId, Recorded<?>> entries = new TreeMap<>();
  private final EntryIds ids = new EntryIds();
  private final AtomicLong fences = new AtomicLong();
  private final Map<Group, GroupState> groups = new HashMap<>();
  private final Map<Group, Marks> handled = new HashMap<>();
  private final Map<Group, Letters> letters = new HashMap<>();
  private final Marks published = new Marks();
  private final Marks requests = new Marks();

  void append(Recorded<?> event, Instant now) {
    entries.put(ids.next(now), event);
  }

  List<Stored> after(EntryId after, int limit) {
    return entries.tailMap(after, false)
        .entrySet()
        .stream()
        .limit(limit)
        .map(entry -> new Stored(entry.getKey(), entry.getValue()))
        .toList();
  }

  void delete(Set<EntryId> deleted) {
    entries.keySet().removeAll(deleted);
  }

  Optional<GroupState> group(Group group) {
    return Optional.ofNullable(groups.get(group));
  }

  /** Every group starts at the first entry, whenever it starts. */
  GroupState makeGroup(SubscriptionSpec<?> spec) {
    return groups.computeIfAbsent(spec.group(), _ -> new GroupState(spec, entries, fences));
  }

  void destroy(Group group) {
    groups.remove(group);
  }

  StreamStatus status(Topic<?> topic, int partition, Instant now) {
    List<GroupStatus> statuses = groups.entrySet()
        .stream()
        .map(each -> each.getValue().status(each.getKey(), letters(each.getKey()).size(), now))
        .sorted(Comparator.comparing(GroupStatus::group))
        .toList();
    Optional<EntryId> first = entries.isEmpty() ? Optional.empty() : Optional.of(entries.firstKey());
    Optional<EntryId> last = entries.isEmpty() ? Optional.empty() : Optional.of(entries.lastKey());
    return new StreamStatus(topic.name(), partition, entries.size(), first, last, statuses);
  }

  Marks handled(Group group) {
    return handled.computeIfAbsent(group, _ -> new Marks());
  }

  Letters letters(Group group) {
    return letters.computeIfAbsent(group, _ -> new Letters());
  }

  Marks published() {
    return published;
  }

  Marks requests() {
    return requests;
  }

  /**
   * Lets go what has aged.
   *
   * @param declared who must have settled an entry
   * @return how many dead letters went, for each group of which any did
   */
  Map<Group, Long> trim(List<Group> declared, Duration span, Instant now) {
    Instant horizon = now.minus(span);
    trimEntries(declared, horizon);
    trimMarks(oldest(now).minus(span));
    var expired = new HashMap<Group, Long>();
    letters.forEach((group, ofGroup) -> expired.put(group, ofGroup.forgetBefore(horizon)));
    expired.values().removeIf(count -> count == 0);
    return expired;
  }

  /** In order, as a stream is trimmed: an entry that is not settled keeps those behind it. */
  private void trimEntries(List<Group> declared, Instant horizon) {
    while (!declared.isEmpty() && !entries.isEmpty() && entries.firstKey().millis() < horizon.toEpochMilli()
        && settledBy(declared, entries.firstKey())) {
      entries.pollFirstEntry();
    }
  }

  private boolean settledBy(List<Group> declared, EntryId id) {
    return declared.stream().allMatch(group -> group(group).map(state -> state.hasSettled(id)).orElse(false));
  }

  private Instant oldest(Instant now) {
    return entries.isEmpty() ? now : Instant.ofEpochMilli(Math.min(entries.firstKey().millis(), now.toEpochMilli()));
  }

  /** A mark stays a whole span longer than what it guards, and than any duplicate of it that came within the span. */
  private void trimMarks(Instant horizon) {
    published.forgetBefore(horizon);
    requests.forgetBefore(horizon);
    handled.values().forEach(marks -> marks.forgetBefore(horizon));
  }
}
