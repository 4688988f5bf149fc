package dev.tributary.adapters.redis;

import java.util.Optional;

/** The thread of a consumer that reads. It never ends for an error: it says so, waits, and tries on. */
final class Reading {

  private final Step step;
  private final Runnable doubt;
  private final Trouble trouble;
  private final Thread thread;
  private volatile boolean stopped;

  interface Step {

    /** @return whether it read; then whatever kept it from reading is over */
    boolean run() throws InterruptedException;
  }

  /** @param doubt called after each failure: whatever was known of the store is to be looked at again */
  Reading(String name, Step step, Runnable doubt, Journal journal) {
    this.step = step;
    this.doubt = doubt;
    this.trouble = new Trouble(name, journal);
    this.thread = Thread.ofVirtual().name("tributary reader of " + name).unstarted(this::readOn);
  }

  void start() {
    thread.start();
  }

  /** The step that is under way ends first. */
  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  void join() throws InterruptedException {
    thread.join();
  }

  /** Why it reads nothing at the moment; empty while all is well, and once it need not read any more. */
  Optional<String> problem() {
    return stopped ? Optional.empty() : trouble.problem();
  }

  private void readOn() {
    var pause = new Pause();
    while (!stopped) {
      try {
        if (step.run()) {
          pause.reset();
          trouble.recovered();
        }
      } catch (RuntimeException | Error e) {
        doubt.run();
        Endurance.tellQuietly(e, this::tell);
        awaitQuietly(pause);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void tell(Throwable failure) {
    if (!stopped) {
      trouble.failed(failure);
    }
  }

  private static void awaitQuietly(Pause pause) {
    try {
      pause.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
