package dev.tributary.messaging.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.domain.messaging.Ordering;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.user.UserCreated;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The promises of delivery hold for groups whose order is per key as well. Where one process reads a partition, another waits: that is told anew. */
public abstract class PerKeyMessagingContract extends MessagingContract {

  @Override
  protected Ordering ordering() {
    return Ordering.PER_KEY;
  }

  /** Alone: one that joins may be given the partition, and a handover interrupts what takes longer than the grace. */
  @Override
  @Test
  public void D2_a_handler_that_runs_long_keeps_its_lease() {
    var release = new CountDownLatch(1);
    // Longer than others': a process that was kept from its work would rightly lose it.
    var lease = Duration.ofSeconds(2);
    Harness.Node node = start(Harness.NodeSettings.DEFAULT.withLease(lease));
    Recorder<UserCreated> slow = subscribe(node, CREATED, new Recorder<>(_ -> {
      release.await();
      return Outcome.SETTLED;
    }));
    publish(0, 1);
    eventually(() -> assertThat(slow.count()).isOne());
    throughout(lease.multipliedBy(2), () -> assertThat(slow.count()).isOne());
    release.countDown();
  }

  /** One of them may have no partition, or few: it is known all the same. */
  @Override
  @Test
  public void D14_a_consumer_that_is_alive_stays_known_busy_or_idle() {
    var release = new CountDownLatch(1);
    var handler = new Recorder<UserCreated>(_ -> {
      release.await();
      return Outcome.SETTLED;
    });
    subscribe(start(), CREATED, handler);
    subscribe(start(), CREATED, handler);
    publish(0, 2 * Harness.CONCURRENCY);
    eventually(() -> assertThat(handler.seen()).hasSizeGreaterThanOrEqualTo(Harness.CONCURRENCY));
    eventually(() -> assertThat(harness.consumers(UserEvent.TOPIC, GROUP)).hasSize(2));
    Set<String> alive = harness.consumers(UserEvent.TOPIC, GROUP);
    throughout(harness.lease().multipliedBy(3),
        () -> assertThat(harness.consumers(UserEvent.TOPIC, GROUP)).as("busy").isEqualTo(alive));
    release.countDown();
    untilSettled();
    throughout(harness.lease().multipliedBy(3),
        () -> assertThat(harness.consumers(UserEvent.TOPIC, GROUP)).as("idle").isEqualTo(alive));
  }
}
