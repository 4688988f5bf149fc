package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.DeadLetter;
import dev.tributary.application.Groups;
import dev.tributary.application.Messaging;
import dev.tributary.application.Page;
import dev.tributary.application.PendingDelivery;
import dev.tributary.application.Queries;
import dev.tributary.domain.IdSyntax;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code /ops/lives}: what became of one order or user, by its state, and where it hangs. Its entries are looked for where the state says that
 * they were written, and among the {@value #LOOKED_AT} oldest that each group has not settled; its dead letters among the oldest
 * {@value #LOOKED_AT}, and the {@value #LOOKED_AT} that followed each entry.
 */
record OpsLives(Messaging messaging, Queries queries, OpsAccess access) {

  private static final int LOOKED_AT = 100;
  /** For each time at which the state changed. */
  private static final int PAGES = 10;
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(1);

  /** @param state empty for what went well, else {@code warn} or {@code bad} */
  private record Step(Instant at, String what, String detail, String state) {

    static Step done(Instant at, String what) {
      return new Step(at, what, "", "");
    }

    ObjectNode json() {
      return Json.object().put("at", at.toString()).put("what", what).put("detail", detail).put("state", state);
    }
  }

  void addTo(RoutesConfig routes) {
    HttpApi.get(routes, "/ops/lives/{id}", access.guard(this::show));
  }

  private void show(Context ctx) {
    String id = Optional.of(ctx.pathParam("id"))
        .filter(IdSyntax::isValid)
        .orElseThrow(() -> new ProblemException(Problem.notFound("This is not the id of an order or user.")));
    var steps = new ArrayList<Step>();
    queries.order(new OrderId(id)).ifPresent(order -> order(order, steps));
    queries.user(new UserId(id)).ifPresent(view -> user(view, steps));
    Set<Instant> times = steps.stream().map(Step::at).collect(Collectors.toCollection(TreeSet::new));
    int partition = messaging.unitOfWork().partitioning().of(id);
    for (Topic<?> topic : Groups.TOPICS) {
      List<EntryId> known = written(topic, partition, id, times);
      Groups.DECLARED.stream().filter(spec -> spec.topic().equals(topic)).forEach(spec -> {
        deadLetters(spec, partition, id, known, steps);
        pending(spec, partition, id, known, steps);
      });
    }
    steps.sort(Comparator.comparing(Step::at));
    ArrayNode items = Json.array();
    steps.forEach(step -> items.add(step.json()));
    ObjectNode answer = Json.object();
    answer.set("items", items);
    Answers.ok(ctx, answer);
  }

  /** Its entries, near the times at which it changed. Clocks differ, and many others may have been written at the same moment. */
  private List<EntryId> written(Topic<?> topic, int partition, String id, Set<Instant> times) {
    var found = new ArrayList<EntryId>();
    EntryId after = EntryId.START;
    for (Instant time : times) {
      EntryId from = new EntryId(Math.max(0, time.minus(CLOCKS_DIFFER).toEpochMilli()), 0);
      after = from.compareTo(after) > 0 ? from : after;
      for (int page = 0; page < PAGES; page++) {
        List<LogEntry> entries = messaging.log().read(topic, partition, after, Page.MOST);
        entries.stream().filter(entry -> isOf(entry, id)).map(LogEntry::id).forEach(found::add);
        if (entries.isEmpty() || entries.getLast().id().millis() > time.plus(CLOCKS_DIFFER).toEpochMilli()) {
          break;
        }
        after = entries.getLast().id();
      }
    }
    return found;
  }

  private static boolean isOf(LogEntry entry, String id) {
    return id.equals(entry.fields().get("key"));
  }

  private static void order(Order order, List<Step> steps) {
    order.history().forEach(step -> steps.add(Step.done(step.at(), step.type())));
  }

  private static void user(Queries.UserView view, List<Step> steps) {
    User user = view.user();
    steps.add(Step.done(user.createdAt(), "user_created"));
    user.profile().ifPresent(profile -> steps.add(Step.done(profile.createdAt(), "user_profile_created")));
    view.welcomeEmailSentAt().ifPresent(at -> steps.add(Step.done(at, "welcome_email_sent")));
  }

  private void deadLetters(SubscriptionSpec<?> spec, int partition, String id, List<EntryId> known, List<Step> steps) {
    var letters = new TreeMap<EntryId, DeadLetter>();
    Stream.concat(Stream.of(EntryId.START), known.stream().map(EntryId::previous))
        .flatMap(
            after -> messaging.deadLetters().list(spec.topic(), partition, spec.group(), after, LOOKED_AT).stream())
        .filter(letter -> letter.key().filter(id::equals).isPresent())
        .forEach(letter -> letters.put(letter.id(), letter));
    letters.values()
        .forEach(letter -> steps.add(new Step(letter.lastFailureAt(), "dead letter of " + spec.group(),
            letter.reason() + ", after " + letter.attempts() + " attempts", "bad")));
  }

  private void pending(SubscriptionSpec<?> spec, int partition, String id, List<EntryId> known, List<Step> steps) {
    var deliveries = new TreeMap<EntryId, PendingDelivery>();
    pending(spec, partition, EntryId.START, LOOKED_AT).forEach(delivery -> deliveries.put(delivery.id(), delivery));
    for (EntryId entry : known) {
      pending(spec, partition, entry.previous(), 1).stream()
          .filter(delivery -> delivery.id().equals(entry))
          .forEach(delivery -> deliveries.put(entry, delivery));
    }
    for (PendingDelivery delivery : deliveries.values()) {
      messaging.log()
          .find(spec.topic(), partition, delivery.id())
          .filter(entry -> isOf(entry, id))
          .ifPresent(entry -> steps.add(waiting(spec, delivery, entry)));
    }
  }

  private List<PendingDelivery> pending(SubscriptionSpec<?> spec, int partition, EntryId after, int limit) {
    return messaging.operations().pending(spec.topic(), partition, spec.group(), after, limit);
  }

  private static Step waiting(SubscriptionSpec<?> spec, PendingDelivery delivery, LogEntry entry) {
    String what = entry.fields().getOrDefault("type", "an entry") + " is with " + spec.group();
    String detail = delivery.attempts() + " attempts failed; "
        + delivery.dueAt().map(due -> "tried again at " + due).orElse("in the hands of " + delivery.consumer());
    return new Step(Instant.ofEpochMilli(Math.max(0, delivery.id().millis())), what, detail, "warn");
  }
}
