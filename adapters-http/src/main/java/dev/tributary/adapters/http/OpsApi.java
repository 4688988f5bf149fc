package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.AuditLog.Deed;
import dev.tributary.application.DeadLetter;
import dev.tributary.application.DeadLetters.Pace;
import dev.tributary.application.DeadLetters.Redriven;
import dev.tributary.application.DeadLetters.Selection;
import dev.tributary.application.Doctor;
import dev.tributary.application.Groups;
import dev.tributary.application.Messaging;
import dev.tributary.application.Page;
import dev.tributary.application.PendingDelivery;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code /ops}: what operators see and do, as JSON. What they do is noted in the audit log, whatever became of it. */
final class OpsApi {

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
    Answers.ok(ctx, Partitions.of(ctx, partitioning())
        .page(PageQuery.of(ctx), (partition, after, limit) -> messaging.log().read(topic, partition, after, limit),
            LogEntry::id, (_, entry) -> OpsViews.entry(entry)));
  }

  private void pending(Context ctx) {
    Topic<?> topic = topic(ctx.pathParam("stream"));
    Group group = group(topic, ctx.pathParam("group"));
    Answers.ok(ctx, Partitions.of(ctx, partitioning())
        .page(PageQuery.of(ctx),
            (partition, after, limit) -> messaging.operations().pending(topic, partition, group, after, limit),
            PendingDelivery::id, (_, delivery) -> OpsViews.pending(delivery)));
  }

  private void deadLetters(Context ctx) {
    List<String> which = PageQuery.required(ctx, "stream", "group");
    Topic<?> topic = topic(which.getFirst());
    Group group = group(topic, which.getLast());
    Answers.ok(ctx, Partitions.of(ctx, partitioning())
        .page(PageQuery.of(ctx),
            (partition, after, limit) -> messaging.deadLetters().list(topic, partition, group, after, limit),
            DeadLetter::id, (place, letter) -> OpsViews.deadLetter(place.text(partitioning()), letter)));
  }

  private void redrive(Context ctx) {
    LetterOrders.Redrive asked = JsonBody.read(ctx, body -> LetterOrders.Redrive.read(body, partitioning()));
    Redriven done = asked.dryRun()
        ? new Redriven(count(asked), 0)
        : audited(ctx, "redrive", asked.target(), () -> redrive(asked),
            result -> result.redriven() + " of " + result.matched() + " redriven");
    ObjectNode answer = Json.object().put("matched", done.matched()).put("redriven", done.redriven());
    Answers.ok(ctx, answer.put("dryRun", asked.dryRun()));
  }

  private long count(LetterOrders.Redrive asked) {
    Topic<?> topic = topic(asked.stream());
    Group group = group(topic, asked.group());
    return asked.inEach(partitioning())
        .entrySet()
        .stream()
        .mapToLong(each -> messaging.deadLetters().count(topic, each.getKey(), group, each.getValue()))
        .sum();
  }

  private Redriven redrive(LetterOrders.Redrive asked) {
    Topic<?> topic = topic(asked.stream());
    Group group = group(topic, asked.group());
    Pace pace = Pace.perSecond(asked.perSecond());
    var done = new Redriven(0, 0);
    try {
      for (Map.Entry<Integer, Selection> each : asked.inEach(partitioning()).entrySet()) {
        Redriven here = messaging.deadLetters()
            .redrive(topic, each.getKey(), group, each.getValue(), pace.behind(done.redriven()));
        done = new Redriven(done.matched() + here.matched(), done.redriven() + here.redriven());
      }
      return done;
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Problem.notFound("The group has not started yet."));
    }
  }

  private void discard(Context ctx) {
    LetterOrders.Discard asked = JsonBody.read(ctx, body -> LetterOrders.Discard.read(body, partitioning()));
    long discarded = audited(ctx, "discard", asked.target(), () -> discard(asked), count -> count + " discarded");
    Answers.ok(ctx, Json.object().put("discarded", discarded));
  }

  private long discard(LetterOrders.Discard asked) {
    Topic<?> topic = topic(asked.stream());
    Group group = group(topic, asked.group());
    return asked.inEach(partitioning())
        .entrySet()
        .stream()
        .mapToLong(each -> messaging.deadLetters().discard(topic, each.getKey(), group, each.getValue()))
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
}
