package dev.tributary.adapters.redis;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.application.Failure;
import dev.tributary.domain.messaging.EventId;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the monitor what becomes of one group's deliveries, and the log what an operator should know of it. */
final class Journal {

  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final Topic<?> topic;
  private final Group group;
  private final DeliveryMonitor monitor;
  private final Journals all;

  Journal(Topic<?> topic, Group group, Journals all) {
    this.topic = topic;
    this.group = group;
    this.monitor = all.monitor();
    this.all = all;
  }

  void settled(Lease lease) {
    log.debug("{}: settled {}", group, lease.entryId());
    count(Happening.SETTLED);
  }

  /** @param event when it happened */
  void settled(Lease lease, Instant event) {
    settled(lease);
    monitor.settled(topic, group, Duration.between(event, Instant.now()));
  }

  void handled(Duration handlerTime) {
    monitor.handled(topic, group, handlerTime);
  }

  void duplicate(EventId event) {
    log.debug("{}: event {} was handled before", group, event);
    count(Happening.DUPLICATE);
  }

  void fenced(Lease lease) {
    all.deliveries().warn(log, "{}: the lease of {} was lost; nothing was changed", group, lease.entryId());
    count(Happening.FENCED);
  }

  void failed() {
    count(Happening.FAILED);
  }

  void retried(Delivered delivered, Duration delay, Failure failure) {
    all.deliveries()
        .warn(log, "{}: attempt {} at {} failed, next in {}: {}", group, delivered.attempt(),
            delivered.lease().entryId(),
            delay, failure.reason());
    count(Happening.RETRIED);
  }

  void buried(Delivered delivered, Failure failure) {
    all.deliveries().warn(log, "{}: {} became a dead letter: {}", group, delivered.lease().entryId(), failure.reason());
    count(Happening.DEAD_LETTERED);
  }

  void abandoned(Lease lease) {
    all.groups()
        .warn(log,
            "{}: the handler of {} ignores its interruption; it is left alone, and what it still does changes nothing",
            group, lease.entryId());
  }

  void claimed(int deliveries) {
    if (deliveries > 0) {
      monitor.happened(Happening.CLAIMED, topic, group, deliveries);
    }
  }

  void lost(String entryId) {
    all.losses().warn(log, "{}: entry {} was deleted while it was pending; it is lost", group, entryId);
    count(Happening.LOST);
  }

  void gap(Joining.Gap gap) {
    all.losses()
        .warn(log,
            "{} had vanished from {} and was made again behind entry {} (its checkpoint was: {}); what comes again"
                + " is not handled twice, what was deleted with it is lost",
            group, gap.stream(), gap.start(), gap.checkpoint().isEmpty() ? "gone too" : gap.checkpoint());
    count(Happening.GAP);
  }

  void expired(long deadLetters) {
    if (deadLetters == 0) {
      return;
    }
    all.losses().warn(log, "{}: {} dead letters were removed: they are older than the retention", group, deadLetters);
    monitor.happened(Happening.DEAD_LETTER_EXPIRED, topic, group, deadLetters);
  }

  void cannotRead(String words, String cause) {
    all.groups().warn(log, "{} on {}: cannot read, retrying: {}; {}", group, topic, words, cause);
  }

  void readsAgain() {
    all.groups().warn(log, "{} on {}: reading again", group, topic);
  }

  void left(String consumer) {
    all.groups().info(log, "{}: consumer {} is gone and has nothing pending; it was removed", group, consumer);
  }

  /** What nobody foresaw, while a delivery was worked on. */
  void leftBehind(Lease lease, Throwable failure) {
    all.deliveries()
        .error(log, failure, "{}: an unexpected error at {}; it will be delivered again", group, lease.entryId());
  }

  /** What nobody foresaw, beside the deliveries. */
  void broke(String what, Throwable failure) {
    all.groups().error(log, failure, "{}: {} failed, and continues", group, what);
  }

  private void count(Happening happening) {
    monitor.happened(happening, topic, group, 1);
  }
}
