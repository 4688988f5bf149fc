package dev.tributary.application;

import java.time.Duration;

/** Is told of requests that were answered, to count and time them. Called by the threads that answer: it returns at once and throws nothing. */
@FunctionalInterface
public interface RequestMonitor {

  /** Counts nothing. */
  RequestMonitor NONE = (_, _, _, _) -> {};

  /**
   * @param route as it is declared, {@code /users/{id}}, never the path that was asked for: each route is kept for ever; for what no route
   *        matches, one word for all
   * @param status that was answered, 100–599
   * @param took from the request's arrival to its answer
   */
  void http(String method, String route, int status, Duration took);
}
