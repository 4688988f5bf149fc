/**
 * What one request leads to, through events, handlers and services, as a trace, with OpenTelemetry. {@link dev.tributary.adapters.traces.Traces}
 * is the door. Names and attributes are those of OpenTelemetry's semantic conventions for HTTP and messaging.
 */
@NullMarked
package dev.tributary.adapters.traces;

import org.jspecify.annotations.NullMarked;
