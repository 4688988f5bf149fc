package dev.tributary.domain.messaging;

/** A consumer at work. */
public interface Subscription extends AutoCloseable {

  /**
   * Takes no more deliveries, waits for what is in hand, interrupts what takes longer than the adapter's settings allow, and releases that to
   * the other consumers. Blocks until then: no longer than the settings let handlers go on, a second for those that were interrupted, and some more
   * where the store does not answer. An interrupt ends the wait, and stays set. A second call does nothing, and does not wait.
   */
  @Override
  void close();
}
