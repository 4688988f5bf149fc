package dev.tributary.domain.messaging;

/** A consumer at work. */
public interface Subscription extends AutoCloseable {

  /**
   * Takes no more deliveries, waits for what is in hand, interrupts what takes longer than the adapter's settings allow, and releases that to
   * the other consumers. Blocks until then; a second call does nothing.
   */
  @Override
  void close();
}
