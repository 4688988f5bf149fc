package dev.tributary.architecture.broken.bootstrap;

import com.google.inject.Inject;
import dev.tributary.messaging.contract.MovableClock;
import org.jspecify.annotations.Nullable;

/** Everything that one should not do. */
class BadHabits {

  static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

  @Inject
  @Nullable
  MovableClock clock;

  synchronized void complain() {
    System.out.println("this should be logged");
    throw new RuntimeException("and this should have a name");
  }
}
