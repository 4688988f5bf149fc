package dev.tributary.eventjson;

import java.util.List;

/** The names of an entry's fields. */
public final class EntryFields {

  /** The event's id. */
  public static final String ID = "id";
  public static final String TYPE = "type";
  /** What the order of events is kept by: the user's or the order's id. */
  public static final String KEY = "key";
  /** In ms since the epoch. */
  public static final String TIMESTAMP = "timestamp";
  /** The event as JSON. */
  public static final String EVENT = "event";
  /** The step that the event came from, as W3C Trace Context has it. */
  public static final String TRACE = "traceparent";

  /** What an entry of ours has, in this order; the last one only where there is a trace. */
  public static final List<String> ALL = List.of(ID, TYPE, KEY, TIMESTAMP, EVENT, TRACE);

  private EntryFields() {}
}
