package dev.tributary.messaging.contract;

import static dev.tributary.messaging.contract.ContractFixture.number;

import dev.tributary.domain.messaging.EventHandler;
import dev.tributary.domain.user.UserCreated;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often two handlers were busy with events of one user at the same time, at all nodes together. For any threads. */
final class Overlaps {

  private final Map<Integer, Harness.Node> busy = new ConcurrentHashMap<>();
  private final Set<Harness.Node> crashed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger counted = new AtomicInteger();

  EventHandler<UserCreated> watch(Harness.Node node, EventHandler<UserCreated> handler) {
    return delivery -> {
      boolean alone = enter(number(delivery), node);
      try {
        return handler.handle(delivery);
      } finally {
        if (alone) {
          busy.remove(number(delivery), node);
        }
      }
    };
  }

  private boolean enter(int user, Harness.Node node) {
    boolean alone = busy.putIfAbsent(user, node) == null;
    if (crashed.contains(node)) {
      busy.remove(user, node);
    } else if (!alone) {
      counted.incrementAndGet();
    }
    return alone;
  }

  /** Its handlers go on all the same, as in no process that was killed: they count no more. */
  void crash(Harness.Node node) {
    crashed.add(node);
    busy.values().removeIf(node::equals);
    node.crash();
  }

  int count() {
    return counted.get();
  }
}
