package dev.tributary.adapters.traces;

import dev.tributary.application.CommitResult;
import dev.tributary.application.RequestId;
import dev.tributary.application.UnitOfWork;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.Recorded;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.Work;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.List;
import java.util.Optional;

/** Commits in a span of its own what has events, and lets these go on from there. Each try is a span: of a repetition the store knows by its cause. */
record TracedUnitOfWork(Tracer tracer, String system, UnitOfWork store) implements UnitOfWork {

  @Override
  public <S> Optional<Versioned<S>> load(StateKey<S> key) {
    return store.load(key);
  }

  @Override
  public CommitResult commit(RequestId cause, Work work) {
    if (work.changes().isEmpty() || work.events().isEmpty()) {
      return store.commit(cause, work);
    }
    Span span = start(work.changes().getFirst().key().aggregate().topic(), work.events());
    try {
      return store.commit(cause, work.from(Parents.of(span)));
    } catch (RuntimeException e) {
      span.setAttribute(Says.ERROR_TYPE, e.getClass().getName()).setStatus(StatusCode.ERROR);
      throw e;
    } finally {
      span.end();
    }
  }

  @Override
  public Partitioning partitioning() {
    return store.partitioning();
  }

  private Span start(Topic<?> topic, List<Recorded<?>> events) {
    Span span = tracer.spanBuilder("send " + topic).setSpanKind(SpanKind.PRODUCER).startSpan();
    if (span.isRecording()) {
      span.setAttribute(Says.SYSTEM, system)
          .setAttribute(Says.OPERATION, "send")
          .setAttribute(Says.OPERATION_TYPE, "send")
          .setAttribute(Says.DESTINATION, topic.name());
      if (events.size() == 1) {
        span.setAttribute(Says.MESSAGE_ID, events.getFirst().id().toString());
      } else {
        span.setAttribute(Says.MESSAGES, events.size());
      }
    }
    return span;
  }
}
