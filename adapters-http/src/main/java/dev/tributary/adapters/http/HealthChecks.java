package dev.tributary.adapters.http;

import dev.tributary.application.Health;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;

/** {@code /health}: whether the process lives, and whether it can do its work. */
record HealthChecks(List<Health> parts) {

  HealthChecks {
    parts = List.copyOf(parts);
  }

  void addTo(RoutesConfig routes) {
    HttpApi.get(routes, "/health/live", ctx -> Answers.ok(ctx, Json.object().put("status", "up")));
    HttpApi.get(routes, "/health/ready", this::ready);
  }

  private void ready(Context ctx) {
    List<String> problems = parts.stream().flatMap(part -> part.problems().stream()).toList();
    if (!problems.isEmpty()) {
      throw new ProblemException(Problem.unavailable(String.join("; ", problems)));
    }
    Answers.ok(ctx, Json.object().put("status", "ready"));
  }
}
