package dev.tributary.application;

/**
 * The store is away, starting, full, read-only or not to be written to. A write may have happened or not: repeat it, by its id. Thrown by every
 * port that reaches the store, {@code EventPublisher} and {@code EventLog} too.
 */
public final class StoreUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** @param message for operators, never for clients */
  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  /** @param message for operators, never for clients */
  public StoreUnavailableException(String message) {
    super(message);
  }
}
