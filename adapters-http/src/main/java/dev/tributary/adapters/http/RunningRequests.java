package dev.tributary.adapters.http;

import dev.tributary.application.IdempotencyKey;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The requests of one route that bring an {@code Idempotency-Key} and are not answered yet. A second one under the same key is refused here, where
 * both come to this process; where they come to two, the store tells who was first.
 */
final class RunningRequests {

  static final String KEY = "Idempotency-Key";
  static final String REPLAYED = "Idempotency-Replayed";

  private final Set<IdempotencyKey> running = ConcurrentHashMap.newKeySet();

  /** @throws ProblemException 422 if the key breaks its syntax, 409 while another request runs under it */
  void run(Context ctx, Consumer<Optional<IdempotencyKey>> request) {
    Optional<IdempotencyKey> key = key(ctx);
    if (key.filter(given -> !running.add(given)).isPresent()) {
      throw new ProblemException(Problem.conflict("Another request with this " + KEY + " is still running."));
    }
    try {
      request.accept(key);
    } finally {
      key.ifPresent(running::remove);
    }
  }

  static ProblemException reused() {
    return new ProblemException(new Problem(422, "This " + KEY + " was used for another request."));
  }

  private static Optional<IdempotencyKey> key(Context ctx) {
    var errors = new FieldErrors();
    List<String> given = Collections.list(ctx.req().getHeaders(KEY));
    if (given.size() > 1) {
      errors.add(KEY, "must be given once");
    }
    Optional<IdempotencyKey> key = given.stream()
        .findFirst()
        .flatMap(value -> errors.check(KEY, () -> new IdempotencyKey(value)));
    errors.throwIfAny();
    return key;
  }
}
