package dev.tributary.application;

import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.messaging.StateKey;
import dev.tributary.domain.messaging.Work;
import java.util.Optional;

/**
 * The store of state, for requests and for handlers that read. It has no lock and no transaction to hold: load, decide, commit. What a handler
 * returns is committed by its subscriber, not here.
 */
public interface UnitOfWork {

  /** @throws StoreUnavailableException if the store does not answer */
  <S> Optional<Versioned<S>> load(StateKey<S> key);

  /**
   * Stores all of the work in one step, or nothing. Blocks until the store has confirmed it.
   *
   * @param cause a second commit for the same cause is a {@link CommitResult.Duplicate}: after a failure, whose outcome is unknown, call again
   * @param work at least one change, all of it of one partition of one topic
   * @throws StoreUnavailableException if the store does not confirm it; it may be stored all the same
   */
  CommitResult commit(RequestId cause, Work work);

  /** Which states and events can be committed in one step: those whose ids and keys it puts together. */
  Partitioning partitioning();
}
