package dev.tributary.faults;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Lets everybody through, or holds everybody back. */
final class Gate {

  private final AtomicReference<CountDownLatch> latch = new AtomicReference<>(new CountDownLatch(0));
  private final AtomicInteger waiting = new AtomicInteger();

  void shut() {
    latch.set(new CountDownLatch(1));
  }

  void open() {
    latch.get().countDown();
  }

  int waiting() {
    return waiting.get();
  }

  void pass() {
    waiting.incrementAndGet();
    try {
      latch.get().await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
    }
  }
}
