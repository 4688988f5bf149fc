package dev.tributary.architecture.broken.adapters.metrics;

import io.opentelemetry.api.trace.SpanKind;

/** Has another part's library. */
record KnowsTraces(SpanKind kind) {}
