package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.AuditLog.Deed;
import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters.Redriven;
import dev.tributary.application.DeadLetters.Selection;
import dev.tributary.application.Doctor;
import dev.tributary.application.Groups;
import dev.tributary.application.Messaging;
import dev.tributary.application.Page;
import dev.tributary.application.PendingDelivery;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** {@code /ops}: what operators see and do, as JSON. What they do is noted in the audit log, whatever became of it. */
final class OpsApi {

  private static final int MOST_IDS = 1000;
  private static final int MOST_A_SECOND = 10_000;
  private static final int USUAL_A_SECOND = 50;

  private final Messaging messaging;
  private final OpsAccess access;
  private final Audit audit;

  OpsApi(Messaging messaging, OpsAccess access, Audit audit) {
    this.messaging = messaging;
    this.access = access;
    this.audit = audit;
  }

  void addTo(RoutesConfig routes) {
    HttpApi.get(routes, "/ops/streams", access.guard(this::streams));
    HttpApi.get(routes, "/ops/streams/{stream}/entries", access.guard(this::entries));
    HttpApi.get(routes, "/ops/streams/{stream}/groups/{group}/pending", access.guard(this::pending));
    HttpApi.get(routes, "/ops/dead-letters", access.guard(this::deadLetters));
    routes.post("/ops/dead-letters/redrive", access.guard(this::redrive));
    routes.post("/ops/dead-letters/discard", access.guard(this::discard));
    HttpApi.get(routes, "/ops/audit", access.guard(this::audit));
    HttpApi.get(routes, "/ops/doctor", access.guard(this::doctor));
  }

  private Partitioning partitioning() {
    return messaging.unitOfWork().partitioning();
  }

  private void streams(Context ctx) {
    Answers.ok(ctx, OpsViews.streams(messaging.operations().streams()));
  }

  private void entries(Context ctx) {
    Topic<?> topic = topic(ctx.pathParam("stream"));
    int partition = Partitions.one(ctx, partitioning());
    Page<LogEntry> page = PageQuery.of(ctx)
        .page((after, limit) -> messaging.log().read(topic, partition, after, limit), LogEntry::id);
    Answers.ok(ctx, Views.page(page, OpsViews::entry));
  }

  private void pending(Context ctx) {
    Topic<?> topic = topic(ctx.pathParam("stream"));
    Group group = group(topic, ctx.pathParam("group"));
    Answers.ok(ctx, Partitions.of(ctx, partitioning())
        .page(PageQuery.of(ctx),
            (partition, after, limit) -> messaging.operations().pending(topic, partition, group, after, limit),
            PendingDelivery::id, OpsViews::pending));
  }

  private void deadLetters(Context ctx) {
    List<String> which = PageQuery.required(ctx, "stream", "group");
    Topic<?> topic = topic(which.getFirst());
    Group group = group(topic, which.getLast());
    Answers.ok(ctx, Partitions.of(ctx, partitioning())
        .page(PageQuery.of(ctx),
            (partition, after, limit) -> messaging.deadLetters().list(topic, partition, group, after, limit),
            DeadLetter::id, OpsViews::deadLetter));
  }

  private void redrive(Context ctx) {
    RedriveOrder asked = JsonBody.read(ctx, RedriveOrder::read);
    Redriven done = asked.dryRun()
        ? new Redriven(count(asked), 0)
        : audited(ctx, "redrive", asked.target(), () -> redrive(asked),
            result -> result.redriven() + " of " + result.matched() + " redriven");
    ObjectNode answer = Json.object().put("matched", done.matched()).put("redriven", done.redriven());
    Answers.ok(ctx, answer.put("dryRun", asked.dryRun()));
  }

  private long count(RedriveOrder asked) {
    Topic<?> topic = topic(asked.stream());
    Group group = group(topic, asked.group());
    return Partitions.of(asked.partition(), partitioning())
        .numbers()
        .stream()
        .mapToLong(partition -> messaging.deadLetters().count(topic, partition, group, asked.which()))
        .sum();
  }

  private Redriven redrive(RedriveOrder asked) {
    Topic<?> topic = topic(asked.stream());
    Group group = group(topic, asked.group());
    List<Integer> partitions = Partitions.of(asked.partition(), partitioning()).numbers();
    // Each goes at its share of the pace.
    int perSecond = Math.max(1, asked.perSecond() / partitions.size());
    try {
      return partitions.stream()
          .map(partition -> messaging.deadLetters().redrive(topic, partition, group, asked.which(), perSecond))
          .reduce(new Redriven(0, 0),
              (one, other) -> new Redriven(one.matched() + other.matched(), one.redriven() + other.redriven()));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Problem.notFound("The group has not started yet."));
    }
  }

  private void discard(Context ctx) {
    DiscardOrder asked = JsonBody.read(ctx, DiscardOrder::read);
    long discarded = audited(ctx, "discard", asked.target(), () -> discard(asked), count -> count + " discarded");
    Answers.ok(ctx, Json.object().put("discarded", discarded));
  }

  private long discard(DiscardOrder asked) {
    Topic<?> topic = topic(asked.stream());
    Group group = group(topic, asked.group());
    return Partitions.of(asked.partition(), partitioning())
        .numbers()
        .stream()
        .mapToLong(partition -> messaging.deadLetters().discard(topic, partition, group, asked.ids()))
        .sum();
  }

  private void audit(Context ctx) {
    Page<Deed> page = PageQuery.of(ctx).page(messaging.auditLog()::read, Deed::id);
    Answers.ok(ctx, Views.page(page, OpsViews::deed));
  }

  private void doctor(Context ctx) {
    ArrayNode findings = Json.array();
    new Doctor(messaging, Groups.DECLARED, InstantSource.system()).examine()
        .forEach(finding -> findings.addObject().put("what", finding.what()).put("remedy", finding.remedy()));
    ObjectNode answer = Json.object();
    answer.set("findings", findings);
    Answers.ok(ctx, answer);
  }

  private <T> T audited(Context ctx, String action, String target, Supplier<T> deed, Function<T, String> words) {
    return audit.of(access.who(ctx), action, target, deed, words);
  }

  /** @throws ProblemException 404 if there is none of that name */
  static Topic<?> topic(String name) {
    for (SubscriptionSpec<?> spec : Groups.DECLARED) {
      if (spec.topic().name().equals(name)) {
        return spec.topic();
      }
    }
    throw new ProblemException(Problem.notFound("There is no such stream."));
  }

  /** A declared one, started or not, or one that somebody else has made. */
  private Group group(Topic<?> topic, String name) {
    boolean declared = Groups.DECLARED.stream()
        .anyMatch(spec -> spec.topic().equals(topic) && spec.group().name().equals(name));
    if (!declared && !exists(topic, name)) {
      throw new ProblemException(Problem.notFound("There is no such group."));
    }
    return new Group(name);
  }

  private boolean exists(Topic<?> topic, String name) {
    return Group.isName(name) && messaging.operations()
        .streams()
        .stream()
        .filter(stream -> stream.stream().equals(topic.name()))
        .flatMap(stream -> stream.groups().stream())
        .anyMatch(group -> group.group().equals(name));
  }

  private record RedriveOrder(String stream, String group, Optional<Integer> partition, Selection which, boolean dryRun,
      int perSecond) {

    static Optional<RedriveOrder> read(JsonBody body) {
      Optional<String> stream = body.text("stream", name -> name);
      Optional<String> group = body.text("group", name -> name);
      Optional<Selection> which = selection(body);
      Optional<Integer> partition = body.optionalWholeNumber("partition", OpsApi::requirePartition);
      boolean dryRun = body.flag("dryRun");
      int perSecond = body.optionalWholeNumber("perSecond", OpsApi::requireRate).orElse(USUAL_A_SECOND);
      return stream.flatMap(topic -> group.flatMap(
          name -> which.map(chosen -> new RedriveOrder(topic, name, partition, chosen, dryRun, perSecond))));
    }

    private static Optional<Selection> selection(JsonBody body) {
      Optional<List<EntryId>> ids = body.optionalTexts("ids", OpsApi::requireFew, EntryId::parse);
      Optional<Selection> filter = body.optionalObject("filter", RedriveOrder::filter);
      if (ids.isPresent() == filter.isPresent()) {
        body.refuse("ids", "either ids or filter must be there, and not both");
        return Optional.empty();
      }
      return filter.isPresent() ? filter : ids.map(chosen -> new Selection.Ids(new LinkedHashSet<>(chosen)));
    }

    private static Optional<Selection> filter(JsonBody body) {
      Optional<String> type = body.optionalText("type", text -> text);
      Optional<String> errorClass = body.optionalText("errorClass", text -> text);
      Optional<Instant> before = body.optionalText("before", OpsApi::requireTime);
      return Optional.of(new Selection.Filter(type, errorClass, before));
    }

    String target() {
      return group + " on " + place(stream, partition) + ": " + switch (which) {
        case Selection.Ids(Set<EntryId> ids) -> ids.size() + " ids";
        case Selection.Filter filter -> inWords(filter);
      };
    }

    private static String inWords(Selection.Filter filter) {
      List<String> parts = Stream.of(filter.type().map(type -> "of type " + type),
          filter.errorClass().map(error -> "with error " + error),
          filter.before().map(before -> "given up before " + before)).flatMap(Optional::stream).toList();
      return parts.isEmpty() ? "all" : String.join(", ", parts);
    }
  }

  private record DiscardOrder(String stream, String group, Optional<Integer> partition, Set<EntryId> ids) {

    static Optional<DiscardOrder> read(JsonBody body) {
      Optional<String> stream = body.text("stream", name -> name);
      Optional<String> group = body.text("group", name -> name);
      Optional<List<EntryId>> ids = body.optionalTexts("ids", OpsApi::requireFew, EntryId::parse);
      Optional<Integer> partition = body.optionalWholeNumber("partition", OpsApi::requirePartition);
      if (ids.isEmpty()) {
        body.refuse("ids", "is required");
      }
      return stream.flatMap(topic -> group.flatMap(
          name -> ids.map(chosen -> new DiscardOrder(topic, name, partition, new LinkedHashSet<>(chosen)))));
    }

    String target() {
      return group + " on " + place(stream, partition) + ": " + ids.size() + " ids";
    }
  }

  private static void requireFew(int count) {
    if (count < 1 || count > MOST_IDS) {
      throw new IllegalArgumentException("must have 1 to " + MOST_IDS + " elements");
    }
  }

  private static String place(String stream, Optional<Integer> partition) {
    return stream + partition.map(number -> ", partition " + number).orElse("");
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
