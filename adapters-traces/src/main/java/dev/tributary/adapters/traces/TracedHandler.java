package dev.tributary.adapters.traces;

import dev.tributary.application.LogContext;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Work;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Handles each delivery in a span of its own, which goes on from where the event came from; what follows goes on from this span. */
record TracedHandler<E extends DomainEvent>(Tracer tracer, String system, SubscriptionSpec<E> spec,
    EventHandler<E> handler) implements EventHandler<E> {

  @Override
  public Outcome handle(Delivery<E> delivery) throws InterruptedException {
    Span span = start(delivery);
    try (Scope _ = span.makeCurrent(); MDC.MDCCloseable _ = logged(delivery, span)) {
      return told(span, handler.handle(delivery));
    } catch (InterruptedException | RuntimeException | Error e) {
      // Its message is left to the log: there may be anything in it.
      failed(span, e.getClass().getName(), "");
      throw e;
    } finally {
      span.end();
    }
  }

  private Span start(Delivery<E> delivery) {
    Span span = tracer.spanBuilder("process " + spec.topic())
        .setParent(Parents.context(delivery.recorded().trace()))
        .setSpanKind(SpanKind.CONSUMER)
        .startSpan();
    return span.isRecording()
        ? span.setAttribute(Says.SYSTEM, system)
            .setAttribute(Says.OPERATION, "process")
            .setAttribute(Says.OPERATION_TYPE, "process")
            .setAttribute(Says.DESTINATION, spec.topic().name())
            .setAttribute(Says.GROUP, spec.group().name())
            .setAttribute(Says.MESSAGE_ID, delivery.id().toString())
            .setAttribute(Says.EVENT_TYPE, delivery.event().type())
            .setAttribute(Says.EVENT_KEY, delivery.event().key())
            .setAttribute(Says.ATTEMPT, delivery.attempt())
        : span;
  }

  /** Of a trace that came with the event the log knows already, and longer than this handler runs. */
  private static MDC.@Nullable MDCCloseable logged(Delivery<?> delivery, Span span) {
    return delivery.recorded().trace().isPresent()
        ? null
        : MDC.putCloseable(LogContext.TRACE_ID, span.getSpanContext().getTraceId());
  }

  private static Outcome told(Span span, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Settled(Work work) -> work.isNone() ? outcome : new Outcome.Settled(work.from(Parents.of(span)));
      case Outcome.Retry retry -> {
        failed(span, "retry", retry.reason());
        yield retry;
      }
      case Outcome.Rejected rejected -> {
        failed(span, "rejected", rejected.reason());
        yield rejected;
      }
    };
  }

  private static void failed(Span span, String type, String reason) {
    span.setAttribute(Says.ERROR_TYPE, type).setStatus(StatusCode.ERROR, reason);
  }
}
