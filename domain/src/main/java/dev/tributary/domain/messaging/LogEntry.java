package dev.tributary.domain.messaging;

import java.util.Map;

/**
 * An entry as it stands in the log, whoever wrote it.
 *
 * @param fields in the order in which they were written; of a field written twice, the last
 */
public record LogEntry(EntryId id, Map<String, String> fields) {}
