package dev.tributary.adapters.redis;

import static dev.tributary.adapters.redis.Replies.texts;

import dev.tributary.application.Retention;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.SubscriptionSpec;
import dev.tributary.domain.messaging.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes, time and again, what is older than the retention and no longer needed. Every process may do it at the same time: each step is one
 * script, and removes a bounded number.
 */
final class Trimming implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Trimming.class);
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
  private static final int PARTS_OF_RETENTION = 10;
  private static final int AT_ONCE = 200;

  private final Connections connections;
  private final Partitions partitions;
  private final Retention retention;
  private final Journals journals;
  private final Thread thread = Thread.ofVirtual().name("tributary trimming").unstarted(this::runOn);
  private final AtomicBoolean started = new AtomicBoolean();
  private final Map<String, List<String>> missing = new ConcurrentHashMap<>();

  Trimming(Connections connections, Partitions partitions, Retention retention, Journals journals) {
    this.connections = connections;
    this.partitions = partitions;
    this.retention = retention;
    this.journals = journals;
  }

  /** A further call does nothing. */
  void start() {
    if (started.compareAndSet(false, true)) {
      thread.start();
    }
  }

  /** @return why a stream is not trimmed, a line for each */
  List<String> refusals() {
    return missing.entrySet().stream().map(refused -> refusal(refused.getKey(), refused.getValue())).toList();
  }

  private static String refusal(String stream, List<String> groups) {
    return stream + " is not trimmed: nobody has started " + String.join(", ", groups)
        + " yet, which must settle every entry; start a process with that role";
  }

  private void runOn() {
    try {
      while (true) {
        // First, so that at a start the groups may come up.
        Thread.sleep(interval());
        topics().forEach(this::trimAll);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private List<Topic<?>> topics() {
    var topics = new ArrayList<Topic<?>>();
    retention.declared().stream().map(SubscriptionSpec::topic).distinct().forEach(topics::add);
    return topics;
  }

  private Duration interval() {
    Duration part = retention.span().dividedBy(PARTS_OF_RETENTION);
    Duration shorter = part.compareTo(LONGEST_INTERVAL) < 0 ? part : LONGEST_INTERVAL;
    return shorter.compareTo(SHORTEST_INTERVAL) > 0 ? shorter : SHORTEST_INTERVAL;
  }

  private void trimAll(Topic<?> topic) {
    partitions.of(topic)
        .forEach(partition -> Endurance.outlive(() -> trimAll(topic, partition), failure -> tell(topic, failure)));
  }

  private void trimAll(Topic<?> topic, Partition partition) {
    boolean more = true;
    while (more && !Thread.currentThread().isInterrupted()) {
      more = trim(topic, partition.keys());
    }
  }

  private static void tell(Topic<?> topic, Throwable failure) {
    if (failure instanceof StoreUnavailableException) {
      log.debug("{} not trimmed: {}", topic, failure.getMessage());
    } else {
      log.error("trimming of {} failed", topic, failure);
    }
  }

  /** @return whether there may be more to remove */
  boolean trim(Topic<?> topic, Keys keys) {
    List<Group> groups = retention.groupsOf(topic);
    var scriptKeys = new ArrayList<>(List.of(keys.stream(), keys.requests(), keys.published()));
    var arguments = new ArrayList<>(List.of(Long.toString(retention.span().toMillis()), Integer.toString(AT_ONCE)));
    for (Group group : groups) {
      scriptKeys.add(keys.handled(group));
      scriptKeys.add(keys.dead(group));
      scriptKeys.add(keys.parked(group));
      arguments.add(group.name());
    }
    List<Object> reply = Script.TRIM.call(connections, scriptKeys, arguments.toArray(String[]::new));
    note(keys.stream(), texts(reply.get(2)));
    var expired = (List<?>) reply.get(3);
    for (int i = 0; i < groups.size(); i++) {
      journals.of(topic, groups.get(i)).expired((Long) expired.get(i));
    }
    if ((Long) reply.get(0) > 0) {
      log.debug("{}: {} settled entries removed", topic, reply.get(0));
    }
    return reply.get(1).equals(1L);
  }

  private void note(String stream, List<String> groups) {
    List<String> before = groups.isEmpty() ? missing.remove(stream) : missing.put(stream, groups);
    if (!groups.isEmpty() && !groups.equals(before)) {
      log.warn("{}", refusal(stream, groups));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
