package dev.tributary.domain.messaging;

import java.util.Optional;

/**
 * A step of a trace, as the header {@code traceparent} names it (W3C Trace Context): what follows from the step belongs to the same trace. It
 * tells nothing of what happened, and nothing is ever decided by it.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all 0
 * @param spanId 16 lower-case hexadecimal digits, not all 0
 * @param sampled whether the step may have been recorded somewhere
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {

  private static final String OWN_VERSION = "00";
  private static final String NO_VERSION = "ff";
  private static final String LINE_BREAKS = "\n\r\u0085\u2028\u2029";
  private static final int VERSION_END = 2;
  private static final int TRACE_ID_END = 35;
  private static final int SPAN_ID_END = 52;
  private static final int FLAGS_END = 55;
  private static final int LONGEST = 512;
  private static final int SAMPLED = 1;
  private static final int HEXADECIMAL = 16;
  private static final int TRACE_ID_DIGITS = 32;
  private static final int SPAN_ID_DIGITS = 16;

  /** @throws IllegalArgumentException if an id is none */
  public TraceParent {
    if (!isId(traceId, TRACE_ID_DIGITS) || !isId(spanId, SPAN_ID_DIGITS)) {
      throw new IllegalArgumentException("no trace id and span id: " + traceId + ", " + spanId);
    }
  }

  /**
   * Reads what a stranger wrote.
   *
   * @return empty for whatever is no {@code traceparent}: that is no error, there is just no trace to carry on
   */
  public static Optional<TraceParent> parse(String text) {
    if (text.length() < FLAGS_END || text.length() > LONGEST || !isVersion(text) || !endsWell(text)) {
      return Optional.empty();
    }
    String traceId = part(text, VERSION_END, TRACE_ID_END);
    String spanId = part(text, TRACE_ID_END, SPAN_ID_END);
    String flags = part(text, SPAN_ID_END, FLAGS_END);
    if (!isId(traceId, TRACE_ID_DIGITS) || !isId(spanId, SPAN_ID_DIGITS) || !isHexadecimal(flags)) {
      return Optional.empty();
    }
    boolean sampled = (Integer.parseInt(flags, HEXADECIMAL) & SAMPLED) != 0;
    return Optional.of(new TraceParent(traceId, spanId, sampled));
  }

  private static boolean isVersion(String text) {
    return isHexadecimal(text.substring(0, VERSION_END)) && !text.startsWith(NO_VERSION);
  }

  /** A later version may go on behind the flags, and may not break the line. */
  private static boolean endsWell(String text) {
    return text.length() == FLAGS_END || (!text.startsWith(OWN_VERSION) && text.charAt(FLAGS_END) == '-'
        && text.chars().noneMatch(c -> LINE_BREAKS.indexOf(c) >= 0));
  }

  /** What stands between a hyphen and the end; empty if there is none. */
  private static String part(String text, int hyphen, int end) {
    return text.charAt(hyphen) == '-' ? text.substring(hyphen + 1, end) : "";
  }

  private static boolean isId(String text, int digits) {
    return text.length() == digits && isHexadecimal(text) && text.chars().anyMatch(c -> c != '0');
  }

  /** By hand: each event that is read asks this, and a pattern takes ten times as long. */
  private static boolean isHexadecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** As it stands in a header: version 00, of the flags only the one that we know. */
  @Override
  public String toString() {
    return OWN_VERSION + "-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }
}
