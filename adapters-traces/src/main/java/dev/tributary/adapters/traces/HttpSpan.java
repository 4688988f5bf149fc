package dev.tributary.adapters.traces;

import dev.tributary.application.LogContext;
import dev.tributary.application.Tracing;
import dev.tributary.domain.messaging.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.slf4j.MDC;

/** A request that is answered here, or a call of a service. */
final class HttpSpan implements Tracing.Span {

  /** A client may send any word as its method. */
  private static final Set<String> METHODS = Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST",
      "PUT", "TRACE");
  private static final String OTHER_METHOD = "_OTHER";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final Span span;
  private final String name;
  private final int leastError;
  private final Scope scope;
  private final Runnable afterwards;

  /** @param leastError the status from which on an answer is an error of this side */
  @SuppressWarnings("MustBeClosedChecker") // The scope is as long as this is open.
  private HttpSpan(Span span, String name, int leastError, Runnable afterwards) {
    this.span = span;
    this.name = name;
    this.leastError = leastError;
    this.afterwards = afterwards;
    this.scope = span.makeCurrent();
  }

  static HttpSpan request(Tracer tracer, String method, Optional<TraceParent> from) {
    String name = METHODS.contains(method) ? method : "HTTP";
    Span span = start(tracer.spanBuilder(name).setParent(Parents.context(from)).setSpanKind(SpanKind.SERVER), method);
    if (span.isRecording()) {
      span.setAttribute(Says.SCHEME, "http");
    }
    MDC.put(LogContext.TRACE_ID, span.getSpanContext().getTraceId());
    return new HttpSpan(span, name, 500, () -> MDC.remove(LogContext.TRACE_ID));
  }

  static HttpSpan call(Tracer tracer, String method, URI url) {
    String name = method + " " + url.getPath();
    Span span = start(tracer.spanBuilder(name).setSpanKind(SpanKind.CLIENT), method);
    if (span.isRecording()) {
      int unsaid = "https".equalsIgnoreCase(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
      span.setAttribute(Says.URL, url.toString())
          .setAttribute(Says.URL_TEMPLATE, url.getPath())
          .setAttribute(Says.SERVER, url.getHost())
          .setAttribute(Says.SERVER_PORT, url.getPort() < 0 ? unsaid : url.getPort());
    }
    return new HttpSpan(span, name, 400, () -> {});
  }

  private static Span start(SpanBuilder builder, String method) {
    Span span = builder.startSpan();
    return span.isRecording()
        ? span.setAttribute(Says.METHOD, METHODS.contains(method) ? method : OTHER_METHOD)
        : span;
  }

  @Override
  public Optional<TraceParent> trace() {
    return Optional.of(Parents.of(span));
  }

  @Override
  public void answered(int status, Optional<String> route) {
    span.setAttribute(Says.STATUS, status);
    route.ifPresent(known -> span.setAttribute(Says.ROUTE, known).updateName(name + " " + known));
    if (status >= leastError) {
      failed(Integer.toString(status));
    }
  }

  @Override
  public void failed(String type) {
    span.setAttribute(Says.ERROR_TYPE, type).setStatus(StatusCode.ERROR);
  }

  @Override
  public void close() {
    afterwards.run();
    scope.close();
    span.end();
  }
}
