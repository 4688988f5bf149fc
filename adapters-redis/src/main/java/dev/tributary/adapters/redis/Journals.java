package dev.tributary.adapters.redis;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.LineLimit;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;

/** The journals of all groups. They share the log, and what it bears: with the lines of HTTP, ten a second at most. */
final class Journals implements AutoCloseable {

  private final DeliveryMonitor monitor;
  private final LogLimit deliveries = new LogLimit(new LineLimit(3)::write);
  private final PacedLines groupLines = new PacedLines(3);
  private final PacedLines lossLines = new PacedLines(3);
  private final LogLimit groups = new LogLimit(groupLines::write);
  private final LogLimit losses = new LogLimit(lossLines::write);

  Journals(DeliveryMonitor monitor) {
    this.monitor = monitor;
  }

  Journal of(Topic<?> topic, Group group) {
    return new Journal(topic, group, this);
  }

  DeliveryMonitor monitor() {
    return monitor;
  }

  /** For what becomes of single deliveries: of a flood of it, examples are enough. */
  LogLimit deliveries() {
    return deliveries;
  }

  /** For how groups get on: whether they can read, who left. */
  LogLimit groups() {
    return groups;
  }

  /** For what is gone, and nothing may hide. */
  LogLimit losses() {
    return losses;
  }

  @Override
  public void close() {
    groupLines.close();
    lossLines.close();
  }
}
