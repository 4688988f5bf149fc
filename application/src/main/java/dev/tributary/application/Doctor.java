package dev.tributary.application;

import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.SubscriptionSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Examines a store and says what is wrong with it, and how to mend it. Changes nothing. */
public final class Doctor {

  private static final Duration STUCK = Duration.ofMinutes(5);
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);
  private static final Duration GONE = Duration.ofMinutes(10);

  private final Operations operations;
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

  public Doctor(Operations operations, Health health, List<SubscriptionSpec<?>> declared, InstantSource clock) {
    this.operations = operations;
    this.health = health;
    this.declared = List.copyOf(declared);
    this.clock = clock;
  }

  /** @return what is wrong, the worst first; empty if nothing is */
  public List<Finding> examine() {
    var findings = new ArrayList<Finding>();
    List<String> problems = health.problems();
    problems
        .forEach(problem -> findings.add(new Finding(problem, "see that the store runs and can be reached from here")));
    if (!problems.isEmpty()) {
      return findings;
    }
    List<StreamStatus> streams = operations.streams();
    streams.forEach(stream -> examine(stream, findings));
    health.warnings().forEach(warning -> findings.add(warning(warning)));
    return findings;
  }

  /** A warning brings its remedy along, behind its last semicolon. */
  private static Finding warning(String warning) {
    int remedy = warning.lastIndexOf("; ");
    return remedy < 0
        ? new Finding(warning, "see the documentation of the store")
        : new Finding(warning.substring(0, remedy), warning.substring(remedy + 2));
  }

  private void examine(StreamStatus stream, List<Finding> findings) {
    stream.groups().forEach(group -> examine(stream, group, findings));
    missing(stream, findings);
    stream.lastId()
        .filter(this::isAhead)
        .ifPresent(id -> findings.add(new Finding(
            stream.stream() + ": its last id " + id + " is ahead of the clock",
            "see who appends with ids of its own; entries"
                + " get ids behind it, and none of them is trimmed before its time")));
  }

  private boolean isAhead(EntryId id) {
    Instant soon = clock.instant().plus(CLOCKS_DIFFER);
    return Long.compareUnsigned(id.millis(), soon.toEpochMilli()) > 0;
  }

  private void examine(StreamStatus stream, GroupStatus group, List<Finding> findings) {
    String name = group.group() + " on " + stream.stream();
    if (!isDeclared(stream, group.group())) {
      findings.add(new Finding(name + " is nobody's group here, with a lag of " + group.lag(),
          "if it is still read by somebody, keep RETENTION longer than it may be behind: trimming does not wait for it; if not, XGROUP DESTROY it"));
      return;
    }
    long waiting = group.lag() + group.pending();
    if (waiting > 0 && group.consumers().isEmpty()) {
      findings.add(
          new Finding(name + ": nobody reads it, and " + waiting + " entries wait", "start a process with this role"));
    } else if (group.oldestUnsettledAge().compareTo(STUCK) > 0) {
      findings.add(
          new Finding(name + ": its oldest unsettled entry has waited " + group.oldestUnsettledAge().toSeconds() + " s",
              "look at its pending deliveries, and at the service that its handler calls"));
    }
    if (group.deadLetters() > 0) {
      findings.add(new Finding(name + ": " + group.deadLetters() + " dead letters",
          "look at their reasons; mend the cause, then redrive them, or discard them"));
    }
    group.consumers()
        .stream()
        .filter(consumer -> consumer.idle().compareTo(GONE) > 0 && consumer.pending() > 0)
        .forEach(consumer -> findings.add(new Finding(
            name + ": consumer " + consumer.consumer() + " has given no sign of life for " + consumer.idle().toMinutes()
                + " min and holds " + consumer.pending() + " deliveries",
            "start another process with this role: it takes them over. Never XGROUP DELCONSUMER it before: that drops them")));
  }

  private boolean isDeclared(StreamStatus stream, String group) {
    return declared.stream()
        .anyMatch(spec -> spec.topic().name().equals(stream.stream()) && spec.group().name().equals(group));
  }

  private void missing(StreamStatus stream, List<Finding> findings) {
    declared.stream()
        .filter(spec -> spec.topic().name().equals(stream.stream()))
        .map(spec -> spec.group().name())
        .filter(name -> stream.groups().stream().noneMatch(group -> group.group().equals(name)))
        .forEach(name -> findings.add(new Finding(name + " on " + stream.stream() + " has never started",
            "start a process with this role; it begins at the first entry, and until then nothing is trimmed")));
  }
}
