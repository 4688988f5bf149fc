package dev.tributary.application;

import dev.tributary.domain.messaging.EntryId;
import java.time.Instant;
import java.util.List;

/** What operators did. Kept in the store, in a log of its own, and never changed. Throws {@link StoreUnavailableException}. */
public interface AuditLog {

  /**
   * @param at by the store's clock
   * @param who the operator, as far as he is known: the address that he called from, and whether he brought the token or had a session
   * @param action such as {@code redrive}
   * @param target stream, group and what was chosen, in words; no secrets
   * @param result in words
   */
  record Deed(EntryId id, Instant at, String who, String action, String target, String result) {}

  /**
   * Blocks until it is stored. Every call is a deed of its own: one that is repeated may be there twice. Parameters as in {@link Deed}.
   *
   * @throws StoreUnavailableException if it is not known to be stored; it may be
   */
  void record(String who, String action, String target, String result);

  /**
   * @param after exclusive
   * @param limit 1–200
   * @return oldest first
   */
  List<Deed> read(EntryId after, int limit);
}
