package dev.tributary.adapters.redis;

import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.Group;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a store that is away, as long as a delivery is ours and its consumer does not close. */
record Patience(InHand inHand, Group group) {

  private static final Logger log = LoggerFactory.getLogger(Patience.class);

  /**
   * Repeats a step, which must bear it.
   *
   * @return what the store answered; empty if the delivery is no longer ours
   * @throws InterruptedException if the consumer closes while the store is away
   */
  <T> Optional<T> repeat(Running running, Supplier<T> step) throws InterruptedException {
    var pause = new Pause();
    while (inHand.holds(running)) {
      try {
        return Optional.of(step.get());
      } catch (StoreUnavailableException e) {
        awaitStore(running, e, pause);
      }
    }
    return Optional.empty();
  }

  /**
   * Until the lease could be renewed, or turned out to be lost.
   *
   * @param pause the same for all waits of one step: where leases can be renewed and nothing else works, it must not try all the time
   * @throws InterruptedException if the consumer closes meanwhile
   */
  void awaitStore(Running running, StoreUnavailableException away, Pause pause) throws InterruptedException {
    log.debug("{}: {} waits: {}", group, running.lease().entryId(), away.getMessage());
    do {
      if (inHand.isClosing()) {
        throw new InterruptedException("closing while the store is away");
      }
      pause.await();
    } while (!inHand.renew(List.of(running.lease())) && inHand.holds(running));
  }
}
