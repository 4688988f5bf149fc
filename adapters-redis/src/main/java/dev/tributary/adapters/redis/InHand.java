package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The deliveries that a consumer works on. Renews their leases, three times in each, and stops the work on one whose lease is lost. */
final class InHand {

  private static final Logger log = LoggerFactory.getLogger(InHand.class);
  private static final int RENEWED_AT_ONCE = 500;
  private static final Duration RENEWAL_ENDS_WITHIN = Duration.ofSeconds(1);

  private final PendingEntries pending;
  private final Duration lease;
  private final Map<Lease, Thread> threads = new ConcurrentHashMap<>();
  private final Thread renewing;
  private volatile boolean closing;

  InHand(PendingEntries pending, Duration lease) {
    this.pending = pending;
    this.lease = lease;
    this.renewing = Thread.ofVirtual().name("tributary lease renewal").unstarted(this::renewOn);
  }

  void start() {
    renewing.start();
  }

  void add(Lease held, Thread thread) {
    threads.put(held, thread);
  }

  void remove(Lease ended) {
    threads.remove(ended);
  }

  boolean holds(Lease held) {
    return threads.containsKey(held);
  }

  /** Whether work that waits for the store should wait no longer. */
  boolean isClosing() {
    return closing;
  }

  void stopStarting() {
    closing = true;
  }

  void interrupt() {
    threads.values().forEach(Thread::interrupt);
  }

  /** Stops renewing. @return what is still in hand */
  Set<Lease> stop() {
    renewing.interrupt();
    awaitRenewal();
    return new HashSet<>(threads.keySet());
  }

  /** A renewal under way would take back what is given back next. */
  private void awaitRenewal() {
    try {
      var _ = renewing.join(RENEWAL_ENDS_WITHIN);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void renewOn() {
    try {
      while (true) {
        Thread.sleep(lease.dividedBy(3));
        renew();
      }
    } catch (InterruptedException _) {
      // Stopped.
    }
  }

  private void renew() {
    var held = new ArrayList<>(threads.keySet());
    for (int from = 0; from < held.size(); from += RENEWED_AT_ONCE) {
      renew(held.subList(from, Math.min(held.size(), from + RENEWED_AT_ONCE)));
    }
  }

  /** @return whether all of them are still ours; false too if Redis does not answer */
  boolean renew(List<Lease> held) {
    try {
      List<Lease> lost = pending.extend(held);
      lost.forEach(this::lose);
      return lost.isEmpty();
    } catch (StoreUnavailableException e) {
      log.debug("leases not renewed: {}", e.getMessage());
      return false;
    }
  }

  /** One that has just been settled is not pending any more either: nothing is lost then, and its thread has ended. */
  private void lose(Lease lost) {
    Thread thread = threads.remove(lost);
    if (thread != null && thread != Thread.currentThread()) {
      thread.interrupt();
    }
  }
}
