package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Partitioning;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which partitions an operator means. Where there are several, what is listed names its own, and a list goes through them one after the other: its
 * cursor says in which one it stopped.
 *
 * @param only the one that was asked for; empty for all
 */
record Partitions(Partitioning partitioning, Optional<Integer> only) {

  private static final String NAME = "partition";
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,4}):(.*)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

  /** As {@code partition} of the query string says; without it, all of them. */
  static Partitions of(Context ctx, Partitioning partitioning) {
    return new Partitions(partitioning, PageQuery.text(ctx, NAME).map(text -> number(text, partitioning)));
  }

  /** @throws ProblemException 404 if there is none of that number */
  static Partitions of(Optional<Integer> only, Partitioning partitioning) {
    only.ifPresent(number -> require(number, partitioning));
    return new Partitions(partitioning, only);
  }

  private static int number(String text, Partitioning partitioning) {
    if (!NUMBER.matcher(text).matches()) {
      throw none();
    }
    return require(Integer.parseInt(text), partitioning);
  }

  private static int require(int number, Partitioning partitioning) {
    if (number < 0 || number >= partitioning.count()) {
      throw none();
    }
    return number;
  }

  private static ProblemException none() {
    return new ProblemException(Problem.notFound("There is no such partition."));
  }

  List<Integer> numbers() {
    return only.map(List::of).orElseGet(() -> IntStream.range(0, partitioning.count()).boxed().toList());
  }

  /** Gives what lies behind a cursor in one partition, as many as are asked for, or fewer; none only where nothing follows. */
  interface Listing<T> {
    List<T> read(int partition, EntryId after, int limit);
  }

  /** @throws ProblemException if the cursor is none */
  <T> ObjectNode page(PageQuery query, Listing<T> listing, Function<T, EntryId> id,
      BiFunction<Place, T, ObjectNode> view) {
    Place from = after(query);
    ObjectNode page = Json.object();
    ArrayNode items = page.putArray("items");
    Optional<Place> next = Optional.empty();
    for (int partition : numbers()) {
      if (next.isEmpty() && partition >= from.partition()) {
        EntryId after = partition == from.partition() ? from.id() : EntryId.START;
        List<T> found = items.size() < query.limit()
            ? listing.read(partition, after, query.limit() - items.size())
            : List.of();
        found.forEach(item -> items.add(named(partition, view.apply(new Place(partition, id.apply(item)), item))));
        EntryId last = found.isEmpty() ? after : id.apply(found.getLast());
        if (!(found.isEmpty() && items.size() < query.limit()) && !listing.read(partition, last, 1).isEmpty()) {
          next = Optional.of(new Place(partition, last));
        }
      }
    }
    return page.put("next", next.map(place -> place.text(partitioning)).orElse(null));
  }

  /** @return what is listed, with its partition where there are several */
  ObjectNode named(int partition, ObjectNode json) {
    return partitioning.count() == 1 ? json : json.put(NAME, partition);
  }

  private Place after(PageQuery query) {
    Matcher cursor = CURSOR.matcher(query.after().orElse(""));
    if (partitioning.count() > 1 && cursor.matches()) {
      EntryId id = new PageQuery(Optional.of(cursor.group(2)), query.limit()).afterEntry();
      return new Place(Integer.parseInt(cursor.group(1)), id);
    }
    return new Place(numbers().getFirst(), query.afterEntry());
  }
}
