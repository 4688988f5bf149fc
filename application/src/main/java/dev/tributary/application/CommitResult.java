package dev.tributary.application;

import dev.tributary.domain.messaging.StateKey;

/** What became of a commit. */
public sealed interface CommitResult {

  /** All of it is stored. */
  record Committed() implements CommitResult {}

  /** The same cause was committed before; nothing was stored now. */
  record Duplicate() implements CommitResult {}

  /** This state is no longer what the work was decided upon; nothing was stored. */
  record Conflict(StateKey<?> key) implements CommitResult {}
}
