package dev.tributary.application;

import dev.tributary.domain.messaging.Delivery;
import dev.tributary.domain.messaging.Group;
import java.util.HashMap;
import java.util.Map;

/** What each line of the log says of the work that it tells of. No names and no addresses: ids. */
public final class LogContext {

  /** 32 hexadecimal digits. */
  public static final String TRACE_ID = "traceId";
  public static final String EVENT_ID = "eventId";
  /** The user's or order's id. */
  public static final String KEY = "key";
  public static final String GROUP = "group";
  /** 1 for the first. */
  public static final String ATTEMPT = "attempt";

  private LogContext() {}

  /** While a delivery is in hand. */
  public static Map<String, String> of(Group group, Delivery<?> delivery) {
    var context = new HashMap<String, String>();
    context.put(GROUP, group.name());
    context.put(EVENT_ID, delivery.id().toString());
    context.put(KEY, delivery.event().key());
    context.put(ATTEMPT, Integer.toString(delivery.attempt()));
    delivery.recorded().trace().ifPresent(trace -> context.put(TRACE_ID, trace.traceId()));
    return context;
  }
}
