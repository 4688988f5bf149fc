package dev.tributary.domain.messaging;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A step of a trace, as the header {@code traceparent} names it (W3C Trace Context): what follows from the step belongs to the same trace. It
 * tells nothing of what happened, and nothing is ever decided by it.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all 0
 * @param spanId 16 lower-case hexadecimal digits, not all 0
 * @param sampled whether the step may have been recorded somewhere
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {

  private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
  private static final Pattern SPAN_ID = Pattern.compile("(?!0{16})[0-9a-f]{16}");
  /** A later version, but never ff, may go on behind the flags. */
  private static final Pattern SYNTAX = Pattern
      .compile("(?!ff)([0-9a-f]{2})-(" + TRACE_ID + ")-(" + SPAN_ID + ")-([0-9a-f]{2})(-.*)?");
  private static final String OWN_VERSION = "00";
  private static final int SHORTEST = 55;
  private static final int LONGEST = 512;
  private static final int SAMPLED = 1;
  private static final int HEXADECIMAL = 16;

  /** @throws IllegalArgumentException if an id is none */
  public TraceParent {
    if (!TRACE_ID.matcher(traceId).matches() || !SPAN_ID.matcher(spanId).matches()) {
      throw new IllegalArgumentException("no trace id and span id: " + traceId + ", " + spanId);
    }
  }

  /**
   * Reads what a stranger wrote.
   *
   * @return empty for whatever is no {@code traceparent}: that is no error, there is just no trace to carry on
   */
  public static Optional<TraceParent> parse(String text) {
    if (text.length() < SHORTEST || text.length() > LONGEST) {
      return Optional.empty();
    }
    Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches() || (parts.group(1).equals(OWN_VERSION) && parts.group(5) != null)) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(parts.group(4), HEXADECIMAL) & SAMPLED) != 0;
    return Optional.of(new TraceParent(parts.group(2), parts.group(3), sampled));
  }

  /** As it stands in a header: version 00, of the flags only the one that we know. */
  @Override
  public String toString() {
    return OWN_VERSION + "-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}
