package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.application.DeadLetter;
import dev.tributary.application.Groups;
import dev.tributary.application.Messaging;
import dev.tributary.application.PendingDelivery;
import dev.tributary.application.Queries;
import dev.tributary.domain.IdSyntax;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.order.OrderId;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code /ops/lives}: what became of one order or user, by its state, and where it hangs. Of each group the {@value #LOOKED_AT} oldest dead letters
 * and unsettled deliveries are looked at.
 */
record OpsLives(Messaging messaging, Queries queries, OpsAccess access) {

  private static final int LOOKED_AT = 100;

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
        .orElseThrow(() -> new ProblemException(Problem.notFound("This is no order's or user's id.")));
    var steps = new ArrayList<Step>();
    queries.order(new OrderId(id)).ifPresent(order -> order(order, steps));
    queries.user(new UserId(id)).ifPresent(view -> user(view, steps));
    for (SubscriptionSpec<?> spec : Groups.DECLARED) {
      deadLetters(spec, id, steps);
      pending(spec, id, steps);
    }
    steps.sort(Comparator.comparing(Step::at));
    ArrayNode items = Json.array();
    steps.forEach(step -> items.add(step.json()));
    ObjectNode answer = Json.object();
    answer.set("items", items);
    Answers.ok(ctx, answer);
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

  private void deadLetters(SubscriptionSpec<?> spec, String id, List<Step> steps) {
    Stream<DeadLetter> own = messaging.deadLetters()
        .list(spec.topic(), spec.group(), EntryId.START, LOOKED_AT)
        .stream()
        .filter(letter -> letter.key().filter(id::equals).isPresent());
    own.forEach(letter -> steps.add(new Step(letter.lastFailureAt(), "dead letter of " + spec.group(),
        letter.reason() + ", after " + letter.attempts() + " attempts", "bad")));
  }

  private void pending(SubscriptionSpec<?> spec, String id, List<Step> steps) {
    for (PendingDelivery delivery : messaging.operations()
        .pending(spec.topic(), spec.group(), EntryId.START, LOOKED_AT)) {
      messaging.log()
          .find(spec.topic(), delivery.id())
          .filter(entry -> id.equals(entry.fields().get("key")))
          .ifPresent(entry -> steps.add(waiting(spec, delivery, entry)));
    }
  }

  private static Step waiting(SubscriptionSpec<?> spec, PendingDelivery delivery, LogEntry entry) {
    String what = entry.fields().getOrDefault("type", "an entry") + " is with " + spec.group();
    String detail = delivery.attempts() + " attempts failed; "
        + delivery.dueAt().map(due -> "tried again at " + due).orElse("in the hands of " + delivery.consumer());
    return new Step(Instant.ofEpochMilli(Math.max(0, delivery.id().millis())), what, detail, "warn");
  }
}
