package dev.tributary.adapters.http;

import dev.tributary.application.Tracing;
import dev.tributary.domain.messaging.TraceParent;
import java.net.URI;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Remembers what it was told of requests. */
final class FakeTracing implements Tracing {

  final Queue<String> told = new ConcurrentLinkedQueue<>();

  @Override
  public Span request(String method, Optional<TraceParent> from) {
    told.add(method + " " + from.map(TraceParent::toString).orElse("begins"));
    Thread begun = Thread.currentThread();
    return new Span() {
      @Override
      public Optional<TraceParent> trace() {
        return from;
      }

      @Override
      public void answered(int status, Optional<String> route) {
        told.add(route.orElse("none") + " " + status);
      }

      @Override
      public void failed(String type) {
        told.add(type);
      }

      @Override
      public void close() {
        told.add(Thread.currentThread() == begun ? "closed" : "closed by another thread");
      }
    };
  }

  @Override
  public Span call(String method, URI url) {
    throw new AssertionError("nothing is called from here");
  }
}
