package dev.tributary.adapters.redis;

/** Whether a delivery may be handled, where its group reads in order. */
sealed interface Standing {

  Standing FREE = new Free();

  record Free() implements Standing {}

  /** @param entryId the entry of a dead letter of its key, which it has to wait behind */
  record Behind(String entryId) implements Standing {}

  /** Entries were put back into the pending list, which have to be looked at first. */
  record Unknown() implements Standing {}
}
