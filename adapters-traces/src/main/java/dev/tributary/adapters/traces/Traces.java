package dev.tributary.adapters.traces;

import dev.tributary.application.Tracing;
import dev.tributary.application.UnitOfWork;
import dev.tributary.domain.DomainEvent;
import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Follows requests, deliveries and calls. A trace that came in is carried on, and one is begun where none did. Spans are recorded only where they
 * are sent somewhere: then in the background, in batches, and a receiver that is away or slow costs spans and log lines, nothing else.
 */
public final class Traces implements Tracing, AutoCloseable {

  private static final String NAME = "tributary";
  private static final Duration SENT_WITHIN = Duration.ofSeconds(1);

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final String messagingSystem;

  Traces(TraceSettings settings, Optional<SpanProcessor> recorder) {
    Sampler ofNew = recorder.isPresent() ? Sampler.traceIdRatioBased(settings.share()) : Sampler.alwaysOff();
    this.provider = SdkTracerProvider.builder()
        .setResource(resource())
        .setSampler(Sampler.parentBased(ofNew))
        .addSpanProcessor(recorder.orElse(new NoRecorder()))
        .build();
    this.tracer = provider.get(NAME);
    this.messagingSystem = settings.messagingSystem();
  }

  /**
   * Returns at once, and reaches no server: what is recorded is sent by a thread of its own, where the settings say to whom. The caller closes it.
   *
   * @return for any threads
   */
  public static Traces open(TraceSettings settings) {
    return new Traces(settings, settings.otlp().map(Traces::sending));
  }

  private static SpanProcessor sending(URI otlp) {
    String endpoint = otlp.toString().replaceFirst("/+$", "") + "/v1/traces";
    return BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder().setEndpoint(endpoint).build()).build();
  }

  /** Several processes are several instances of one service. */
  private static Resource resource() {
    return Resource.getDefault()
        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), NAME,
            AttributeKey.stringKey("service.instance.id"), UUID.randomUUID().toString())));
  }

  @Override
  public Span request(String method, Optional<TraceParent> from) {
    return HttpSpan.request(tracer, method, from);
  }

  @Override
  public Span call(String method, URI url) {
    return HttpSpan.call(tracer, method, url);
  }

  /** The same handler, each delivery a span that goes on from where the event came from, and from which its work's events go on. */
  public <E extends DomainEvent> EventHandler<E> follow(SubscriptionSpec<E> spec, EventHandler<E> handler) {
    return new TracedHandler<>(tracer, messagingSystem, spec, handler);
  }

  /** The same store; the events of what is committed go on from what this thread is doing. */
  public UnitOfWork follow(UnitOfWork store) {
    return new TracedUnitOfWork(tracer, messagingSystem, store);
  }

  /** Sends what is still to be sent, for 1 s at most. A second call does nothing. */
  @Override
  public void close() {
    var _ = provider.shutdown().join(SENT_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }
}
