package dev.tributary.adapters.http;

import dev.tributary.application.Page;
import dev.tributary.domain.messaging.EntryId;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Which part of a list a client asks for.
 *
 * @param after the cursor that the page before gave
 * @param limit 1–{@value Page#MOST}, by default {@value #USUAL}
 */
record PageQuery(Optional<String> after, int limit) {

  private static final String AFTER = "after";
  private static final String LIMIT = "limit";
  private static final int USUAL = 50;
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

  /**
   * Reads {@code after} and {@code limit} of the query string; an empty one counts as absent.
   *
   * @throws ProblemException if either is given twice or badly encoded, or the limit is out of bounds
   */
  static PageQuery of(Context ctx) {
    var errors = new FieldErrors();
    String query = Optional.ofNullable(ctx.queryString()).orElse("");
    Optional<String> after = parameter(query, AFTER, errors);
    Optional<Integer> limit = parameter(query, LIMIT, errors)
        .flatMap(text -> errors.check(LIMIT, () -> parseLimit(text)));
    errors.throwIfAny();
    return new PageQuery(after, limit.orElse(USUAL));
  }

  /**
   * Parameters that must be there, in their order.
   *
   * @throws ProblemException if any is missing, given twice or badly encoded
   */
  static List<String> required(Context ctx, String... names) {
    String query = Optional.ofNullable(ctx.queryString()).orElse("");
    var errors = new FieldErrors();
    var values = new ArrayList<String>();
    for (String name : names) {
      parameter(query, name, errors).ifPresentOrElse(values::add, () -> errors.add(name, "is required"));
    }
    errors.throwIfAny();
    return values;
  }

  /** @throws ProblemException if it is given twice or badly encoded */
  static Optional<String> text(Context ctx, String name) {
    var errors = new FieldErrors();
    Optional<String> text = parameter(Optional.ofNullable(ctx.queryString()).orElse(""), name, errors);
    errors.throwIfAny();
    return text;
  }

  /**
   * The cursor of a list whose cursors are entry ids; without one, the beginning.
   *
   * @throws ProblemException if it is no entry id
   */
  EntryId afterEntry() {
    try {
      return after.map(EntryId::parse).orElse(EntryId.START);
    } catch (IllegalArgumentException e) {
      throw refused(e);
    }
  }

  /** Gives what lies behind a cursor, as many as are asked for, or fewer. */
  interface Listing<T> {
    List<T> read(EntryId after, int limit);
  }

  /**
   * One page of a list whose cursors are entry ids, and whether anything lies behind it.
   *
   * @throws ProblemException if the cursor is no entry id
   */
  <T> Page<T> page(Listing<T> listing, Function<T, EntryId> id) {
    List<T> items = listing.read(afterEntry(), limit);
    Optional<EntryId> last = items.isEmpty() ? Optional.empty() : Optional.of(id.apply(items.getLast()));
    return new Page<>(items, last.filter(end -> !listing.read(end, 1).isEmpty()).map(EntryId::toString));
  }

  /**
   * @param refused what the list threw
   * @return what to throw in its place: the client's fault, if it gave a cursor at all
   */
  RuntimeException refused(IllegalArgumentException refused) {
    if (after.isEmpty()) {
      return refused;
    }
    var errors = List.of(new Problem.FieldError(AFTER, "must be the next of another page of this list"));
    return new ProblemException(Problem.invalid(errors));
  }

  private static Optional<String> parameter(String query, String name, FieldErrors errors) {
    return errors.check(name, () -> values(query, name)).flatMap(values -> {
      if (values.size() > 1) {
        errors.add(name, "must be given once");
      }
      return values.stream().findFirst().filter(value -> !value.isEmpty());
    });
  }

  /** Not by Javalin, whose decoding depends on the Content-Type and passes over what is badly encoded. */
  private static List<String> values(String query, String name) {
    var values = new ArrayList<String>();
    for (String parameter : query.split("&", -1)) {
      if (parameter.startsWith(name + "=")) {
        values.add(decode(parameter.substring(name.length() + 1)));
      }
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be percent-encoded", e);
    }
  }

  private static int parseLimit(String text) {
    int limit = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : 0;
    Page.requireLimit(limit);
    return limit;
  }
}
