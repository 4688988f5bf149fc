package dev.tributary.adapters.memory;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.application.Failure;
import dev.tributary.application.LineLimit;
import dev.tributary.application.Retention;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.messaging.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.MessageFormatter;

/**
 * What one consumer may do in its group. Tells the monitor and the log what becomes of deliveries.
 *
 * @param lines what the log bears of single deliveries
 */
record Membership(MemoryStore store, DeliveryMonitor monitor, LineLimit lines, SubscriptionSpec<?> spec,
    Consumer consumer) {

  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  private Topic<?> topic() {
    return spec.topic();
  }

  private Group group() {
    return spec.group();
  }

  List<Held> take(int limit, Duration lease) {
    Taken taken = store.take(spec, consumer, limit, lease);
    if (taken.gaps() > 0) {
      log.warn("{}: the group had vanished and was made again; it starts at the first entry", consumer);
      count(Happening.GAP, taken.gaps());
    }
    taken.lost()
        .forEach(entry -> warn("{}: entry {} was deleted while it was pending; it is lost", consumer, entry.id()));
    count(Happening.LOST, taken.lost().size());
    taken.parked()
        .forEach(parked -> warn("{}: {} becomes a dead letter behind that of {}", consumer,
            parked.held().entry().id(), parked.behind()));
    count(Happening.DEAD_LETTERED, taken.parked().size());
    count(Happening.CLAIMED, taken.claimed());
    return taken.deliveries();
  }

  void trim(Retention retention) {
    for (Map.Entry<Group, Long> expired : store.trim(topic(), retention).entrySet()) {
      log.warn("{} on {}: {} dead letters were removed: they are older than {}", expired.getKey(), topic(),
          expired.getValue(), retention.span());
      monitor.happened(Happening.DEAD_LETTER_EXPIRED, topic(), expired.getKey(), expired.getValue());
    }
  }

  /** @return false if it is no longer this consumer's */
  boolean renew(Held held, Duration lease) {
    return store.renew(topic(), group(), held, lease);
  }

  /** @throws IllegalArgumentException if the work could not be committed with the delivery in one step */
  void requireWithin(Held held, Work work) {
    work.requireWithin(topic(), store.partitioning(), store.partitionOf(held));
  }

  Settlement settle(Held held, Work work) {
    Settlement settlement = store.settle(topic(), group(), held, work);
    log.debug("{}: {} {}", consumer, held.entry().cause(), settlement);
    switch (settlement) {
      case COMMITTED -> count(Happening.SETTLED, 1);
      case DUPLICATE -> count(Happening.DUPLICATE, 1);
      case FENCED -> fenced();
      case CONFLICT -> {
        // It is handled again, or has failed.
      }
    }
    return settlement;
  }

  /** @param event when it happened */
  void settled(Instant event) {
    if (!consumer.isGone()) {
      monitor.settled(topic(), group(), Duration.between(event, store.now()));
    }
  }

  void handled(Duration handlerTime) {
    if (!consumer.isGone()) {
      monitor.handled(topic(), group(), handlerTime);
    }
  }

  void retry(Held held, Failure failure, Duration delay) {
    warn("{}: attempt {} at {} failed, next in {}: {}", consumer, held.attempt(), held.entry().id(), delay,
        failure.reason());
    count(store.retry(topic(), group(), held, delay) ? Happening.RETRIED : Happening.FENCED, 1);
  }

  void bury(Held held, Failure failure) {
    warn("{}: {} becomes a dead letter: {}", consumer, held.entry().id(), failure.reason());
    count(store.bury(topic(), group(), held, failure) ? Happening.DEAD_LETTERED : Happening.FENCED, 1);
  }

  void abandoned(Held held) {
    warn("{}: the handler of {} ignores its interruption and is abandoned", consumer, held.entry().id());
  }

  private void warn(String format, Object... arguments) {
    lines.write(keptBack -> log.warn("{}{}", MessageFormatter.basicArrayFormat(format, arguments), keptBack));
  }

  void failed() {
    count(Happening.FAILED, 1);
  }

  void fenced() {
    count(Happening.FENCED, 1);
  }

  /** Gives it back as it was. */
  void release(Held held, Duration after) {
    var _ = store.release(topic(), group(), held, after);
  }

  void leave() {
    store.leave(topic(), group(), consumer);
  }

  /** Who crashed counts nothing any more. */
  private void count(Happening what, long times) {
    if (times > 0 && !consumer.isGone()) {
      monitor.happened(what, topic(), group(), times);
    }
  }
}
