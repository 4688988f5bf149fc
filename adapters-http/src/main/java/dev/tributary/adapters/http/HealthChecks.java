package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
    ObjectNode ready = Json.object().put("status", "ready");
    List<String> warnings = parts.stream().flatMap(part -> part.warnings().stream()).toList();
    if (!warnings.isEmpty()) {
      warnings.forEach(ready.putArray("warnings")::add);
    }
    Answers.ok(ctx, ready);
  }
}
