package dev.tributary.application;

import dev.tributary.domain.messaging.EntryId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A delivery that its group gave up.
 *
 * @param id its place among the group's dead letters
 * @param entryId the entry that was delivered
 * @param type the event's type, where the entry names one
 * @param key the event's key, where the entry names one
 * @param fields the entry as it was written
 * @param reason in words
 * @param errorClass the exception's class, or what else it was
 * @param attempts how often a handler ran; 0 for what could not be decoded
 */
public record DeadLetter(EntryId id, EntryId entryId, Optional<String> type, Optional<String> key,
    Map<String, String> fields,
    String reason, String errorClass, int attempts, Instant firstFailureAt, Instant lastFailureAt) {}
