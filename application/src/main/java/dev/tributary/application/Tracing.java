package dev.tributary.application;

import dev.tributary.domain.messaging.TraceParent;
import java.net.URI;
import java.util.Optional;

/**
 * Follows what a request leads to, through processes and services. A span is one step on that way; while it is open, what its thread does belongs
 * to it. Follows nothing of a thread that another thread started. For use by many threads at once; it throws nothing, and reaches no server.
 */
public interface Tracing {

  /** Follows nothing. */
  Tracing NONE = new Tracing() {
    @Override
    public Span request(String method, Optional<TraceParent> from) {
      return Span.NONE;
    }

    @Override
    public Span call(String method, URI url) {
      return Span.NONE;
    }
  };

  /**
   * Begins to answer a request. Logs name the trace until it is answered.
   *
   * @param from the step that it came from; without one, a trace begins here
   */
  Span request(String method, Optional<TraceParent> from);

  /**
   * Begins to call a service, as part of what this thread is doing.
   *
   * @param url without user, password and query; one of few
   */
  Span call(String method, URI url);

  /** One step. The thread that began it closes it, the last one begun first. */
  interface Span extends AutoCloseable {

    /** Of no trace. */
    Span NONE = new Span() {
      @Override
      public Optional<TraceParent> trace() {
        return Optional.empty();
      }

      @Override
      public void answered(int status, Optional<String> route) {}

      @Override
      public void failed(String type) {}

      @Override
      public void close() {}
    };

    /** What is to be passed on, so that what follows belongs to this step; empty where nothing is followed. */
    Optional<TraceParent> trace();

    /**
     * @param status of HTTP, 100–599
     * @param route of a request, as it is declared, {@code /users/{id}}; empty for a call, and for what no route matches
     */
    void answered(int status, Optional<String> route);

    /**
     * It came to no answer.
     *
     * @param type one word, or an exception's class: few different ones, and nothing personal
     */
    void failed(String type);

    @Override
    void close();
  }
}
