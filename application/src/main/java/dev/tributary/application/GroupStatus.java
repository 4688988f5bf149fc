package dev.tributary.application;

import java.time.Duration;
import java.util.List;

/**
 * How one group of a partition is doing.
 *
 * @param group its name, as the store has it: other people's groups may be called anything
 * @param lag entries that were not handed to it yet; counted where the store does not know, never guessed as 0
 * @param pending entries that it was handed and has not settled
 * @param retrying those of them whose last attempt failed
 * @param oldestUnsettledAge since the oldest entry that it has not settled was appended, pending or not yet handed out; 0 where there is none
 * @param consumers by name
 */
public record GroupStatus(String group, long lag, long pending, long retrying, long deadLetters,
    Duration oldestUnsettledAge,
    List<ConsumerStatus> consumers) {

  public GroupStatus {
    consumers = List.copyOf(consumers);
  }
}
