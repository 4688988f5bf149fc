package dev.tributary.adapters.redis;

/** How a delivery stands to the dead letters of its key. */
sealed interface Standing {

  /** None is before it. */
  record Free() implements Standing {}

  /** @param entryId the entry of the last one before it */
  record Behind(String entryId) implements Standing {}

  /** Entries were put back into the pending list, which have to be looked at first. */
  record Unknown() implements Standing {}
}
