package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int MANY = 1000;

  private final Workers workers = new Workers("test", MANY);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  @AfterEach
  void goOn() {
    mayGoOn.countDown();
  }

  @Test
  void everything_is_done_once_by_much_fewer_threads_where_nothing_holds_them_up() {
    var done = new AtomicInteger();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < MANY; i++) {
      workers.start(running(i), () -> {
        threads.add(Thread.currentThread());
        done.incrementAndGet();
      });
    }
    await().atMost(SOON).until(() -> done.get() == MANY);
    assertThat(threads).hasSizeLessThan(MANY / 2);
  }

  @Test
  void however_many_are_held_up_the_next_is_begun() {
    var begun = new AtomicInteger();
    for (int i = 0; i < MANY; i++) {
      workers.start(running(i), () -> {
        begun.incrementAndGet();
        awaitUninterruptibly();
      });
    }
    await().atMost(SOON).until(() -> begun.get() == MANY);
  }

  @Test
  void what_was_gathered_is_sent_though_the_next_step_is_held_up() {
    var sent = new AtomicInteger();
    Workers.Gathering gathering = sent::incrementAndGet;
    workers.start(running(1), () -> {
      // The next one is there before this one has ended, so that the same thread may go on with it.
      workers.start(running(2), this::awaitUninterruptibly);
      workers.gathered(gathering);
    });
    await().atMost(SOON).until(() -> sent.get() > 0);
    assertThat(mayGoOn.getCount()).isPositive();
  }

  @Test
  void a_step_that_fails_keeps_nobody_from_the_others() {
    var done = new AtomicInteger();
    for (int i = 0; i < MANY; i++) {
      workers.start(running(i), () -> {
        if (done.incrementAndGet() % 3 == 0) {
          throw new InternalError("for a test");
        }
      });
    }
    await().atMost(SOON).until(() -> done.get() == MANY);
  }

  @Test
  void an_interruption_meets_its_own_delivery_alone() {
    var begun = new CountDownLatch(1);
    var interrupted = new AtomicBoolean();
    var next = new AtomicBoolean();
    var after = new CountDownLatch(1);
    Running first = running(1);
    workers.start(first, () -> {
      workers.start(running(2), () -> {
        next.set(Thread.currentThread().isInterrupted());
        after.countDown();
      });
      begun.countDown();
      long deadline = System.nanoTime() + SOON.toNanos();
      while (!Thread.currentThread().isInterrupted() && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      interrupted.set(Thread.currentThread().isInterrupted());
    });
    await().atMost(SOON).until(() -> begun.getCount() == 0);
    first.interrupt();
    await().atMost(SOON).until(() -> interrupted.get() && after.getCount() == 0);
    first.interrupt();
    assertThat(next).isFalse();
  }

  /** Most of them go on with the next. */
  @Test
  void an_interruption_ends_with_its_delivery_though_its_thread_goes_on() {
    var done = new AtomicInteger();
    var leaked = new AtomicBoolean();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < MANY; i++) {
      workers.start(running(i), () -> {
        if (Thread.currentThread().isInterrupted()) {
          leaked.set(true);
        }
        Thread.currentThread().interrupt();
        threads.add(Thread.currentThread());
        done.incrementAndGet();
      });
    }
    await().atMost(SOON).until(() -> done.get() == MANY);
    assertThat(threads).hasSizeLessThan(MANY);
    assertThat(leaked).isFalse();
  }

  @Test
  void an_interruption_that_comes_while_nobody_is_at_work_is_kept_for_who_is_next() {
    Running running = running(1);
    running.interrupt();
    var seen = new AtomicBoolean();
    running.by(() -> seen.set(Thread.currentThread().isInterrupted()));
    assertThat(seen).isTrue();
    assertThat(Thread.interrupted()).as("the thread is as good as new").isFalse();
    running.by(() -> seen.set(Thread.currentThread().isInterrupted()));
    assertThat(seen).as("once").isFalse();
  }

  private void awaitUninterruptibly() {
    while (mayGoOn.getCount() > 0) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  private static Running running(int number) {
    String id = number + "-0";
    return new Running(new Delivered(new Lease(id, 1), new Entry(id, Map.of()), 0));
  }
}
