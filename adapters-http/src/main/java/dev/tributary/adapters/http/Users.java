package dev.tributary.adapters.http;

import dev.tributary.application.IdempotencyKey;
import dev.tributary.application.Page;
import dev.tributary.application.Queries;
import dev.tributary.application.Queries.UserView;
import dev.tributary.application.RegisterUser;
import dev.tributary.domain.IdSyntax;
import dev.tributary.domain.order.Order;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserId;
import dev.tributary.domain.user.UserName;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;

/** {@code /users}: registering, looking at a user, and at what the user ordered. */
record Users(RegisterUser registerUser, Queries queries, RunningRequests running) {

  Users(RegisterUser registerUser, Queries queries) {
    this(registerUser, queries, new RunningRequests());
  }

  void addTo(RoutesConfig routes) {
    routes.post("/users", this::register);
    HttpApi.get(routes, "/users/{id}", this::show);
    HttpApi.get(routes, "/users/{id}/orders", this::orders);
  }

  private void register(Context ctx) {
    Registration asked = JsonBody.read(ctx, Registration::read);
    running.run(ctx, key -> register(ctx, key, asked));
  }

  private void register(Context ctx, Optional<IdempotencyKey> key, Registration asked) {
    switch (registerUser.register(key, asked.email(), asked.name())) {
      case RegisterUser.Result.Registered(User user) -> created(ctx, user);
      case RegisterUser.Result.Replayed(User user) -> created(ctx.header(RunningRequests.REPLAYED, "true"), user);
      case RegisterUser.Result.KeyReused _ -> throw RunningRequests.reused();
      case RegisterUser.Result.EmailTaken _ ->
        throw new ProblemException(Problem.conflict("Another user has this email address."));
    }
  }

  private static void created(Context ctx, User user) {
    Answers.created(ctx, "/users/" + user.id(), Views.user(new UserView(user, Optional.empty())));
  }

  private void show(Context ctx) {
    UserView user = id(ctx).flatMap(queries::user).orElseThrow(Users::unknown);
    Answers.ok(ctx, Views.user(user));
  }

  private void orders(Context ctx) {
    PageQuery query = PageQuery.of(ctx);
    Page<Order> page = id(ctx).flatMap(id -> ordersOf(id, query)).orElseThrow(Users::unknown);
    Answers.ok(ctx, Views.page(page, Views::order));
  }

  private Optional<Page<Order>> ordersOf(UserId id, PageQuery query) {
    try {
      return queries.ordersOf(id, query.after(), query.limit());
    } catch (IllegalArgumentException e) {
      throw query.refused(e);
    }
  }

  private static Optional<UserId> id(Context ctx) {
    return Optional.of(ctx.pathParam("id")).filter(IdSyntax::isValid).map(UserId::new);
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.notFound("There is no such user."));
  }

  private record Registration(EmailAddress email, Optional<UserName> name) {

    static Optional<Registration> read(JsonBody body) {
      Optional<EmailAddress> email = body.text("email", EmailAddress::new);
      Optional<UserName> name = body.optionalText("name", UserName::new);
      return email.map(given -> new Registration(given, name));
    }
  }
}
