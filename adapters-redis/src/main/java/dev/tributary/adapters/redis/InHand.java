package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The deliveries that a consumer works on. Stops the work on one whose lease is lost. */
final class InHand {

  private static final Logger log = LoggerFactory.getLogger(InHand.class);
  private static final int RENEWED_AT_ONCE = 500;

  private final Leases leases;
  private final Map<Lease, Running> running = new ConcurrentHashMap<>();
  /** No longer ours, and somebody may still be at them. */
  private final Set<Running> lingering = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;
  private volatile boolean lost;

  interface Leases {

    /** @return those that are no longer ours */
    List<Lease> extend(Collection<Lease> held);
  }

  InHand(Leases leases) {
    this.leases = leases;
  }

  /** @return false if all is lost, or if the same delivery is in hand already: a group that was set back hands out again what its consumer still works on */
  boolean add(Running added) {
    boolean isNew = running.putIfAbsent(added.lease(), added) == null;
    return isNew && (!lost || !remove(added));
  }

  /**
   * The substitute works on it from now on; what the other one still does changes nothing.
   *
   * @return false if its lease was lost meanwhile: then nobody is to work on it
   */
  boolean replace(Running stuck, Running substitute) {
    lingering.remove(stuck);
    return running.replace(stuck.lease(), stuck, substitute);
  }

  /** @return false if its lease was lost meanwhile */
  boolean remove(Running ended) {
    return running.remove(ended.lease(), ended);
  }

  /** Nobody works on it any more. */
  void leave(Running left) {
    lingering.remove(left);
  }

  boolean holds(Running held) {
    return running.get(held.lease()) == held;
  }

  boolean holds(Lease lease) {
    return running.containsKey(lease);
  }

  Collection<Running> all() {
    return List.copyOf(running.values());
  }

  /** Those too that were lost while somebody worked on them, until he has left them. */
  Collection<Running> workedOn() {
    return Stream.concat(running.values().stream(), lingering.stream()).toList();
  }

  Set<Lease> leases() {
    return new HashSet<>(running.keySet());
  }

  /** Whether work that waits for the store should wait no longer. */
  boolean isClosing() {
    return closing;
  }

  void stopStarting() {
    closing = true;
  }

  void interrupt() {
    all().forEach(Running::interrupt);
  }

  void renew() {
    var held = new ArrayList<>(running.keySet());
    for (int from = 0; from < held.size(); from += RENEWED_AT_ONCE) {
      renew(held.subList(from, Math.min(held.size(), from + RENEWED_AT_ONCE)));
    }
  }

  /** @return whether all of them are still ours; false too if Redis does not answer */
  boolean renew(List<Lease> held) {
    try {
      List<Lease> lost = leases.extend(held);
      lost.forEach(this::lose);
      return lost.isEmpty();
    } catch (StoreUnavailableException e) {
      log.debug("leases not renewed: {}", e.getMessage());
      return false;
    }
  }

  /** What is in hand, and what comes. */
  void loseAll() {
    lost = true;
    running.keySet().forEach(this::lose);
  }

  /** One that has just been settled is not pending any more either: nothing is lost then, and its thread has ended. */
  private void lose(Lease lost) {
    Running stopped = running.get(lost);
    if (stopped == null) {
      return;
    }
    // In this order: whoever works on it leaves it after this, or has left it and it is gone already.
    lingering.add(stopped);
    if (running.remove(lost, stopped)) {
      stopped.stop();
    } else {
      lingering.remove(stopped);
    }
  }
}
