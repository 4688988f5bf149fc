package dev.tributary.application;

import java.util.Optional;

/**
 * The store is away, starting, full, read-only or not to be written to. A write may have happened or not: repeat it, by its id. Thrown by every
 * port that reaches the store, {@code EventPublisher} and {@code EventLog} too.
 */
public final class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  /** Causes may go round in a circle. */
  private static final int DEEPEST = 50;

  /** @param message for operators, never for clients */
  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  /** @param message for operators, never for clients */
  public StoreUnavailableException(String message) {
    super(message);
  }

  /** @return the first among a failure and its causes; empty if the store has no part in it */
  public static Optional<StoreUnavailableException> in(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof StoreUnavailableException found) {
        return Optional.of(found);
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }
}
