package dev.tributary.adapters.redis;

import dev.tributary.domain.messaging.EntryId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Which deliveries may be worked on: of each key the first, when its time has come. A line is somebody's from when it is given out until its first
 * has ended or has to wait. For any threads.
 *
 * @param <T> what stands in the lines
 */
final class KeyOrder<T> {

  private final BiPredicate<T, T> same;
  private final Predicate<T> fresh;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Name, Line<T>> lines = new HashMap<>();
  /** Lines that nobody works on: each waits for the time of its first. */
  private final TreeSet<Line<T>> sleeping = new TreeSet<>(
      Comparator.<Line<T>>comparingLong(line -> line.due).thenComparingLong(line -> line.number));
  /** Of each tenure that looks through what is pending: what has ended since, and may be found all the same. */
  private final Map<Object, Map<EntryId, T>> ended = new HashMap<>();
  private long numbers;
  private int size;
  private int freshFirsts;

  /** A key may come in the partition of another one too, put there by another producer: that is another line. */
  private record Name(Object tenure, String key) {}

  /** The deliveries of one key in the order of their entries, as long as its partition belongs to the same tenure. */
  static final class Line<T> {

    private final Name name;
    private final long number;
    private final NavigableMap<EntryId, Place<T>> places = new TreeMap<>();
    private boolean given;
    /** Of the first, when the line went to sleep. */
    private long due;

    private Line(Name name, long number) {
      this.name = name;
      this.number = number;
    }
  }

  /** @param due by {@link System#nanoTime} */
  record Place<T>(EntryId id, T what, long due) {}

  /** A line, and what is to be worked on. */
  record Turn<T>(Line<T> line, Place<T> place) {

    T what() {
      return place.what();
    }
  }

  /**
   * @param same whether two are one delivery
   * @param fresh whether nobody has worked on it yet
   */
  KeyOrder(BiPredicate<T, T> same, Predicate<T> fresh) {
    this.same = same;
    this.fresh = fresh;
  }

  /**
   * Before a tenure looks through what is pending: what ends from now on is not added until {@link #looked}. Redis may have found it pending, and
   * its end was told of first.
   */
  void looks(Object tenure) {
    locked(() -> ended.put(tenure, new HashMap<>()));
  }

  /** All that was found has been added. */
  void looked(Object tenure) {
    locked(() -> ended.remove(tenure));
  }

  /** Puts it where it belongs; what stands there already gives way, unless it is the same. */
  void add(Object tenure, String key, EntryId id, T what, long due) {
    locked(() -> {
      T over = ended.getOrDefault(tenure, Map.of()).get(id);
      if (over == null || !same.test(over, what)) {
        put(tenure, key, id, what, due);
      }
      return id;
    });
  }

  private void put(Object tenure, String key, EntryId id, T what, long due) {
    Line<T> line = lines.computeIfAbsent(new Name(tenure, key), name -> new Line<>(name, numbers++));
    Place<T> before = line.places.get(id);
    if (before == null || !same.test(before.what(), what)) {
      wake(line);
      line.places.put(id, new Place<>(id, what, due));
      size += before == null ? 1 : 0;
      sleep(line);
    }
  }

  /** @return the turn of a line that is the caller's now */
  Optional<Turn<T>> next(long now) {
    return locked(() -> {
      if (sleeping.isEmpty() || sleeping.first().due > now) {
        return Optional.empty();
      }
      Line<T> line = sleeping.first();
      wake(line);
      line.given = true;
      return Optional.of(new Turn<>(line, line.places.firstEntry().getValue()));
    });
  }

  /** It has ended: the next of its line may come. */
  void end(Turn<T> turn) {
    locked(() -> {
      EntryId id = turn.place().id();
      if (turn.line().places.remove(id, turn.place()) && isKnown(turn.line())) {
        size--;
        ended.computeIfPresent(turn.line().name.tenure(), (_, since) -> {
          since.put(id, turn.what());
          return since;
        });
      }
      return release(turn.line());
    });
  }

  /** It has to wait, and its line with it. */
  void await(Turn<T> turn, T changed, long due) {
    locked(() -> {
      EntryId id = turn.place().id();
      turn.line().places.replace(id, turn.place(), new Place<>(id, changed, due));
      return release(turn.line());
    });
  }

  /** Nothing of a tenure that is over is given out any more. */
  void forget(Object tenure) {
    locked(() -> {
      ended.remove(tenure);
      lines.values().removeIf(line -> {
        boolean over = line.name.tenure().equals(tenure);
        if (over) {
          wake(line);
          size -= line.places.size();
        }
        return over;
      });
      return tenure;
    });
  }

  /** When the next line wakes, by {@link System#nanoTime}; empty if none sleeps. */
  OptionalLong nextDue() {
    return locked(() -> sleeping.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sleeping.first().due));
  }

  /** How many lines nobody works on whose first is fresh. */
  int freshFirsts() {
    return locked(() -> freshFirsts);
  }

  /** How many stand in all lines. */
  int size() {
    return locked(() -> size);
  }

  private Line<T> release(Line<T> line) {
    line.given = false;
    if (line.places.isEmpty()) {
      lines.remove(line.name, line);
    } else if (isKnown(line)) {
      sleep(line);
    }
    return line;
  }

  private void sleep(Line<T> line) {
    if (!line.given) {
      line.due = line.places.firstEntry().getValue().due();
      sleeping.add(line);
      freshFirsts += isFresh(line) ? 1 : 0;
    }
  }

  private void wake(Line<T> line) {
    if (sleeping.remove(line)) {
      freshFirsts -= isFresh(line) ? 1 : 0;
    }
  }

  private boolean isFresh(Line<T> line) {
    return fresh.test(line.places.firstEntry().getValue().what());
  }

  private boolean isKnown(Line<T> line) {
    return lines.get(line.name) == line;
  }

  private <R> R locked(Supplier<R> step) {
    lock.lock();
    try {
      return step.get();
    } finally {
      lock.unlock();
    }
  }
}
