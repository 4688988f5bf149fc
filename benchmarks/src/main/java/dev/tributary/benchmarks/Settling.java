package dev.tributary.benchmarks;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import java.util.concurrent.CountDownLatch;

/** Counts the deliveries that are settled, of all groups together, down to 0. */
final class Settling implements DeliveryMonitor {

  private volatile CountDownLatch left = new CountDownLatch(0);

  /** From now on. */
  void expect(int deliveries) {
    left = new CountDownLatch(deliveries);
  }

  void await() throws InterruptedException {
    left.await();
  }

  @Override
  public void happened(Happening what, Topic<?> topic, Group group, long times) {
    if (what == Happening.SETTLED) {
      for (long i = 0; i < times; i++) {
        left.countDown();
      }
    }
  }
}
