package dev.tributary.adapters.http;

import dev.tributary.application.DeadLetters.Selection;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Partitioning;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What operators ask to be done with dead letters, as they write it. */
final class LetterOrders {

  private static final int MOST_IDS = 1000;
  private static final int MOST_A_SECOND = 10_000;
  private static final int USUAL_A_SECOND = 50;

  private LetterOrders() {}

  /** Of ids and filter, one is there. */
  record Redrive(String stream, String group, Optional<Integer> partition, Optional<Set<Place>> ids,
      Optional<Selection.Filter> filter, boolean dryRun, int perSecond) {

    static Optional<Redrive> read(JsonBody body, Partitioning partitioning) {
      Optional<String> stream = body.text("stream", name -> name);
      Optional<String> group = body.text("group", name -> name);
      Optional<Integer> partition = LetterOrders.partition(body);
      Optional<Set<Place>> ids = LetterOrders.ids(body, partition, partitioning);
      Optional<Selection.Filter> filter = body.optionalObject("filter", Redrive::filter);
      if (ids.isPresent() == filter.isPresent()) {
        body.refuse("ids", "either ids or filter must be there, and not both");
      }
      boolean dryRun = body.flag("dryRun");
      int perSecond = body.optionalWholeNumber("perSecond", LetterOrders::requireRate).orElse(USUAL_A_SECOND);
      return stream.flatMap(
          topic -> group.map(name -> new Redrive(topic, name, partition, ids, filter, dryRun, perSecond)));
    }

    private static Optional<Selection.Filter> filter(JsonBody body) {
      Optional<String> type = body.optionalText("type", text -> text);
      Optional<String> errorClass = body.optionalText("errorClass", text -> text);
      Optional<Instant> before = body.optionalText("before", LetterOrders::requireTime);
      return Optional.of(new Selection.Filter(type, errorClass, before));
    }

    /** @throws ProblemException 404 if there is no such partition */
    SortedMap<Integer, Selection> inEach(Partitioning partitioning) {
      List<Integer> partitions = Partitions.of(partition, partitioning).numbers();
      var which = new TreeMap<Integer, Selection>();
      filter.ifPresent(all -> partitions.forEach(number -> which.put(number, all)));
      ids.ifPresent(all -> byPartition(all).forEach((number, own) -> which.put(number, new Selection.Ids(own))));
      return which;
    }

    String target() {
      return LetterOrders.target(group, stream, partition)
          + ids.map(all -> all.size() + " ids").or(() -> filter.map(Redrive::inWords)).orElse("none");
    }

    private static String inWords(Selection.Filter filter) {
      List<String> parts = Stream.of(filter.type().map(type -> "of type " + type),
          filter.errorClass().map(error -> "with error " + error),
          filter.before().map(before -> "given up before " + before)).flatMap(Optional::stream).toList();
      return parts.isEmpty() ? "all" : String.join(", ", parts);
    }
  }

  record Discard(String stream, String group, Optional<Integer> partition, Set<Place> ids) {

    static Optional<Discard> read(JsonBody body, Partitioning partitioning) {
      Optional<String> stream = body.text("stream", name -> name);
      Optional<String> group = body.text("group", name -> name);
      Optional<Integer> partition = LetterOrders.partition(body);
      Optional<Set<Place>> ids = LetterOrders.ids(body, partition, partitioning);
      if (ids.isEmpty()) {
        body.refuse("ids", "is required");
      }
      return stream.flatMap(
          topic -> group.flatMap(name -> ids.map(chosen -> new Discard(topic, name, partition, chosen))));
    }

    /** @throws ProblemException 404 if there is no such partition */
    SortedMap<Integer, Set<EntryId>> inEach(Partitioning partitioning) {
      var _ = Partitions.of(partition, partitioning);
      return byPartition(ids);
    }

    String target() {
      return LetterOrders.target(group, stream, partition) + ids.size() + " ids";
    }
  }

  private static Optional<Integer> partition(JsonBody body) {
    return body.optionalWholeNumber("partition", LetterOrders::requirePartition);
  }

  private static Optional<Set<Place>> ids(JsonBody body, Optional<Integer> partition, Partitioning partitioning) {
    return body
        .optionalTexts("ids", LetterOrders::requireFew, text -> Place.parse(text, partition, partitioning))
        .map(LinkedHashSet::new);
  }

  private static SortedMap<Integer, Set<EntryId>> byPartition(Set<Place> places) {
    return places.stream()
        .collect(Collectors.groupingBy(Place::partition, TreeMap::new,
            Collectors.mapping(Place::id, Collectors.toSet())));
  }

  private static String target(String group, String stream, Optional<Integer> partition) {
    return group + " on " + stream + partition.map(number -> ", partition " + number).orElse("") + ": ";
  }

  private static void requireFew(int count) {
    if (count < 1 || count > MOST_IDS) {
      throw new IllegalArgumentException("must have 1 to " + MOST_IDS + " elements");
    }
  }

  private static int requirePartition(long number) {
    if (number < 0 || number >= Partitioning.MOST) {
      throw new IllegalArgumentException("must be a whole number from 0 to " + (Partitioning.MOST - 1));
    }
    return (int) number;
  }

  private static int requireRate(long perSecond) {
    if (perSecond < 1 || perSecond > MOST_A_SECOND) {
      throw new IllegalArgumentException("must be a whole number from 1 to " + MOST_A_SECOND);
    }
    return (int) perSecond;
  }

  private static Instant requireTime(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("must be a time such as 2026-01-02T03:04:05Z", e);
    }
  }
}
