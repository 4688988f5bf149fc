package dev.tributary.application;

import dev.tributary.application.ConsumerStatus.Kind;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.EventLog;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Examines a store and says what is wrong with it, and how to mend it. Changes nothing, and takes bounded time: of each group the
 * {@value #LOOKED_AT} oldest pending entries, kept entries and youngest dead letters are looked at.
 */
public final class Doctor {

  private static final int LOOKED_AT = 200;
  private static final Duration STUCK = Duration.ofMinutes(5);
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);
  private static final Duration RECENTLY = Duration.ofMinutes(10);

  private final Operations operations;
  private final EventLog log;
  private final DeadLetters deadLetters;
  private final Health health;
  private final List<SubscriptionSpec<?>> declared;
  private final InstantSource clock;

  /**
   * One thing that is wrong.
   *
   * @param what in words, without secrets
   * @param remedy what to do about it
   */
  public record Finding(String what, String remedy) {}

  public Doctor(Messaging messaging, List<SubscriptionSpec<?>> declared, InstantSource clock) {
    this(messaging.operations(), messaging.log(), messaging.deadLetters(), messaging.health(), declared, clock);
  }

  Doctor(Operations operations, EventLog log, DeadLetters deadLetters, Health health,
      List<SubscriptionSpec<?>> declared, InstantSource clock) {
    this.operations = operations;
    this.log = log;
    this.deadLetters = deadLetters;
    this.health = health;
    this.declared = List.copyOf(declared);
    this.clock = clock;
  }

  /**
   * @return what is wrong, the worst first; empty if nothing is
   * @throws StoreUnavailableException if the store goes away meanwhile
   */
  public List<Finding> examine() {
    var findings = new ArrayList<Finding>();
    List<String> problems = health.problems();
    problems
        .forEach(problem -> findings.add(new Finding(problem, "see that the store runs and can be reached from here")));
    if (!problems.isEmpty()) {
      return findings;
    }
    List<StreamStatus> streams = operations.streams();
    streams.forEach(stream -> examine(stream, nameOf(stream, streams), findings));
    health.warnings().forEach(warning -> findings.add(warning(warning)));
    return findings.stream().distinct().toList();
  }

  /** Where there are several partitions, the number belongs to it. */
  private static String nameOf(StreamStatus stream, List<StreamStatus> all) {
    boolean several = all.stream().anyMatch(other -> other.stream().equals(stream.stream()) && other.partition() > 0);
    return several ? stream.stream() + "." + stream.partition() : stream.stream();
  }

  /** A warning brings its remedy along, behind its last semicolon. */
  private static Finding warning(String warning) {
    int remedy = warning.lastIndexOf("; ");
    return remedy < 0
        ? new Finding(warning, "see the documentation of the store")
        : new Finding(warning.substring(0, remedy), warning.substring(remedy + 2));
  }

  private void examine(StreamStatus stream, String name, List<Finding> findings) {
    for (SubscriptionSpec<?> spec : declared) {
      if (spec.topic().name().equals(stream.stream())) {
        stream.groups()
            .stream()
            .filter(group -> group.group().equals(spec.group().name()))
            .findFirst()
            .ifPresentOrElse(group -> new Examination(spec, stream.partition(), name, group, findings).run(),
                () -> findings.add(missing(spec)));
      }
    }
    stream.groups()
        .stream()
        .filter(group -> !isDeclared(stream, group.group()))
        .forEach(group -> findings.add(stranger(name, group)));
    stream.lastId()
        .filter(this::isAhead)
        .ifPresent(id -> findings.add(new Finding(
            name + ": its last id " + id + " is ahead of the clock",
            "find out what appends entries with ids of its own; new ones"
                + " get ids behind it, and none of them is trimmed before its time")));
  }

  private static Finding missing(SubscriptionSpec<?> spec) {
    return new Finding(spec.group() + " on " + spec.topic() + " has never started",
        "start a process with this role; it begins at the first entry, and until then nothing is trimmed");
  }

  private static Finding stranger(String stream, GroupStatus group) {
    return new Finding(
        group.group() + " on " + stream + " is not a group of this product, with a lag of " + group.lag() + " and "
            + group.pending() + " pending",
        "if anybody still reads it, keep RETENTION longer than it may be behind: trimming does not wait for it; if not, XGROUP DESTROY it");
  }

  private boolean isAhead(EntryId id) {
    Instant soon = clock.instant().plus(CLOCKS_DIFFER);
    return Long.compareUnsigned(id.millis(), soon.toEpochMilli()) > 0;
  }

  private boolean isDeclared(StreamStatus stream, String group) {
    return declared.stream()
        .anyMatch(spec -> spec.topic().name().equals(stream.stream()) && spec.group().name().equals(group));
  }

  /** Of a declared group that is there. */
  private final class Examination {

    private final SubscriptionSpec<?> spec;
    private final int partition;
    private final String stream;
    private final GroupStatus group;
    private final List<Finding> findings;

    Examination(SubscriptionSpec<?> spec, int partition, String stream, GroupStatus group, List<Finding> findings) {
      this.spec = spec;
      this.partition = partition;
      this.stream = stream;
      this.group = group;
      this.findings = findings;
    }

    void run() {
      waiting();
      late();
      ghosts();
      letters();
      group.consumers().forEach(this::consumer);
    }

    private void find(String what, String remedy) {
      findings.add(new Finding(spec.group() + " on " + stream + ": " + what, remedy));
    }

    private void waiting() {
      long waiting = group.lag() + group.pending();
      if (waiting > 0 && group.consumers().stream().noneMatch(ConsumerStatus::isAlive)) {
        find("nobody reads it, and " + waiting + " entries wait", "start a process with this role");
      } else if (group.oldestUnsettledAge().compareTo(STUCK) > 0) {
        find("its oldest unsettled entry has waited " + group.oldestUnsettledAge().toSeconds() + " s",
            "look at its pending deliveries, and at the service that its handler calls");
      }
    }

    private void late() {
      long skipped = operations.skipped(spec, partition, LOOKED_AT);
      if (skipped > 0) {
        find("of the entries that are kept, the oldest " + atLeast(skipped)
            + " bear no mark of having been handled: it started behind them, or their dead letters were discarded, or nothing was to be done",
            "to have them delivered after all, XGROUP SETID " + stream + " " + spec.group()
                + " 0: what it has handled already is not handled twice");
      }
    }

    /** Pending, and their entries are gone. */
    private void ghosts() {
      List<PendingDelivery> oldest = operations.pending(spec.topic(), partition, spec.group(), EntryId.START,
          LOOKED_AT);
      long ghosts = oldest.stream()
          .filter(delivery -> log.find(spec.topic(), partition, delivery.id()).isEmpty())
          .count();
      if (ghosts > 0) {
        find(
            atLeast(ghosts) + " pending entries were deleted before they were settled: nobody can handle them any more",
            "find out who deletes or trims; a process with this role reports them as lost and acknowledges them when their leases have run out");
      }
    }

    private static String atLeast(long count) {
      return count < LOOKED_AT ? Long.toString(count) : "at least " + count;
    }

    private void letters() {
      if (group.deadLetters() > 0) {
        EntryId recently = new EntryId(clock.instant().minus(RECENTLY).toEpochMilli(), 0);
        int young = deadLetters.list(spec.topic(), partition, spec.group(), recently, LOOKED_AT).size();
        find(group.deadLetters() + " dead letters"
            + (young > 0 ? ", " + atLeast(young) + " of them from the last " + RECENTLY.toMinutes() + " min" : ""),
            "look at their reasons; mend the cause, then redrive them, or discard them");
      }
    }

    private void consumer(ConsumerStatus consumer) {
      if (consumer.kind() == Kind.STRANGER) {
        find("consumer " + consumer.consumer() + " is not one of ours, and holds " + consumer.pending() + " deliveries",
            "see who reads in this group's name, and give it a group of its own: what it acknowledges, our handler never sees");
      } else if (consumer.kind() == Kind.OURS && !consumer.isAlive() && consumer.pending() > 0) {
        find("consumer " + consumer.consumer() + " has given no sign of life for " + consumer.idle().toMinutes()
            + " min and holds " + consumer.pending() + " deliveries",
            "start another process with this role: it takes them over. Never XGROUP DELCONSUMER it before that: its deliveries would be dropped");
      }
    }
  }
}
