package dev.tributary.adapters.traces;

import dev.tributary.domain.messaging.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.Optional;

/** Steps of a trace, between our words and OpenTelemetry's. */
final class Parents {

  private Parents() {}

  /** In which a span goes on from there; without a step, one in which it begins a trace, whatever the thread is doing. */
  static Context context(Optional<TraceParent> from) {
    return from.map(Parents::remote).map(Context.root()::with).orElseGet(Context::root);
  }

  private static Span remote(TraceParent step) {
    TraceFlags flags = step.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault();
    return Span
        .wrap(SpanContext.createFromRemoteParent(step.traceId(), step.spanId(), flags, TraceState.getDefault()));
  }

  static TraceParent of(Span span) {
    SpanContext context = span.getSpanContext();
    return new TraceParent(context.getTraceId(), context.getSpanId(), context.isSampled());
  }
}
