package dev.tributary.adapters.redis;

import java.util.function.Consumer;

/** What keeps a loop alive, whatever happens in one of its rounds. */
final class Endurance {

  private Endurance() {}

  /** @param tell is told of what went wrong, and may fail too */
  static void outlive(Runnable step, Consumer<Throwable> tell) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      tellQuietly(e, tell);
    }
  }

  static void tellQuietly(Throwable failure, Consumer<Throwable> tell) {
    try {
      tell.accept(failure);
    } catch (RuntimeException | Error _) {
      // Where there is no memory for a line in the log, the next round matters more.
    }
  }
}
