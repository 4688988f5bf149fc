package dev.tributary.adapters.memory;

import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters.Selection;
import dev.tributary.application.Failure;
import dev.tributary.domain.messaging.EntryId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A group's dead letters, oldest first. Guarded by the store's lock. */
final class Letters {

  private final NavigableMap<EntryId, Buried> letters = new TreeMap<>();
  private final EntryIds ids = new EntryIds();

  /** @param entry what to deliver again */
  record Buried(DeadLetter letter, Stored entry) {}

  /** @param attempts how often a handler has run */
  void add(Held held, int attempts, Failure failure, Instant now) {
    Instant last = now.truncatedTo(ChronoUnit.MILLIS);
    Instant first = held.failures().firstAt().map(at -> at.truncatedTo(ChronoUnit.MILLIS)).orElse(last);
    Stored entry = held.entry();
    EntryId id = ids.next(now);
    letters.put(id, new Buried(new DeadLetter(id, entry.id(), Optional.of(entry.event().event().type()),
        Optional.of(entry.event().event().key()), entry.fields(), failure.reason(), failure.errorClass(),
        attempts, first, last), entry));
  }

  /** The last entry of a key that became a dead letter and stands before another one. */
  Optional<EntryId> lastBefore(Stored entry) {
    return letters.values()
        .stream()
        .map(Buried::entry)
        .filter(other -> other.event().event().key().equals(entry.event().event().key()))
        .map(Stored::id)
        .filter(id -> id.compareTo(entry.id()) < 0)
        .max(Comparator.naturalOrder());
  }

  long size() {
    return letters.size();
  }

  List<DeadLetter> after(EntryId after, int limit) {
    return letters.tailMap(after, false).values().stream().map(Buried::letter).limit(limit).toList();
  }

  List<Buried> selected(Selection which) {
    return letters.values().stream().filter(buried -> agrees(which, buried.letter())).toList();
  }

  private static boolean agrees(Selection which, DeadLetter letter) {
    return switch (which) {
      case Selection.Ids(var ids) -> ids.contains(letter.id());
      case Selection.Filter filter -> filter.agrees(letter);
    };
  }

  void remove(List<Buried> ended) {
    ended.forEach(buried -> letters.remove(buried.letter().id()));
  }

  /** @return how many that were */
  long forgetBefore(Instant horizon) {
    long forgotten = 0;
    while (!letters.isEmpty() && letters.firstEntry().getValue().letter().lastFailureAt().isBefore(horizon)) {
      letters.pollFirstEntry();
      forgotten++;
    }
    return forgotten;
  }

}
