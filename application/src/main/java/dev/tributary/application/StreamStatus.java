package dev.tributary.application;

import dev.tributary.domain.messaging.EntryId;
import java.util.List;
import java.util.Optional;

/**
 * How one partition of a log is doing.
 *
 * @param stream the topic's name
 * @param partition from 0
 * @param length entries that are kept
 * @param firstId of the oldest entry that is kept; empty where there is none
 * @param groups by name; declared ones that do not exist yet are missing, other people's are there
 */
public record StreamStatus(String stream, int partition, long length, Optional<EntryId> firstId,
    Optional<EntryId> lastId,
    List<GroupStatus> groups) {

  public StreamStatus {
    groups = List.copyOf(groups);
  }
}
