package dev.tributary.application;

import java.time.Duration;

/**
 * One consumer of a group, as the store knows it.
 *
 * @param pending deliveries that are its own
 * @param idle since its last sign of life
 */
public record ConsumerStatus(String consumer, long pending, Duration idle, Kind kind) {

  /** Ours give a sign of life every few seconds. */
  private static final Duration SILENT = Duration.ofMinutes(2);

  /** Who reads. */
  public enum Kind {
    /** Not registered. What it reads in a group's name, the group's handler never sees. */
    STRANGER,
    /** One of our own: it has registered. */
    OURS,
    /** Nobody: what was redriven is pending in its name until a consumer takes it. */
    REDRIVEN
  }

  /** Whether it reads, as far as one can tell: it gave a sign of life in the last 2 min. */
  public boolean isAlive() {
    return kind != Kind.REDRIVEN && idle.compareTo(SILENT) <= 0;
  }
}
