package dev.tributary.adapters.gateways;

import dev.tributary.application.Tracing;
import dev.tributary.domain.messaging.TraceParent;
import java.net.URI;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Remembers what it was told, and passes one trace on. */
final class FakeTracing implements Tracing {

  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private Optional<TraceParent> trace = Optional.empty();

  void follow(TraceParent followed) {
    trace = Optional.of(followed);
  }

  Queue<String> told() {
    return told;
  }

  @Override
  public Span request(String method, Optional<TraceParent> from) {
    throw new AssertionError("no request comes in here");
  }

  @Override
  public Span call(String method, URI url) {
    told.add(method + " " + url);
    return new Span() {
      @Override
      public Optional<TraceParent> trace() {
        return trace;
      }

      @Override
      public void answered(int status, Optional<String> route) {
        told.add("answered " + status + route.orElse(""));
      }

      @Override
      public void failed(String type) {
        told.add("failed " + type);
      }

      @Override
      public void close() {
        told.add("closed");
      }
    };
  }
}
