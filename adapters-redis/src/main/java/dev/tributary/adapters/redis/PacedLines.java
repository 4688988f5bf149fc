package dev.tributary.adapters.redis;

import dev.tributary.application.LineLimit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lines for a log that bears only so many a second: what is too much waits for its turn. For all threads. */
final class PacedLines implements AutoCloseable {

  /** What comes while so many wait is kept back, and counted. */
  private static final int MOST_WAITING = 100;
  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(100);

  private final LineLimit limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Consumer<String>> waiting = new ArrayDeque<>();
  private long keptBack;
  /** As long as lines wait. */
  private @Nullable Thread writer;

  PacedLines(int linesASecond) {
    limit = new LineLimit(linesASecond);
  }

  /** @param line as {@link LineLimit#write} has it */
  void write(Consumer<String> line) {
    if (isItsTurn(line)) {
      line.accept("");
    }
  }

  private boolean isItsTurn(Consumer<String> line) {
    lock.lock();
    try {
      if (waiting.isEmpty() && limit.take()) {
        return true;
      }
      if (waiting.size() == MOST_WAITING) {
        keptBack++;
        return false;
      }
      waiting.add(line);
      if (writer == null) {
        writer = Thread.ofVirtual().name("tributary log").start(this::writeOn);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void writeOn() {
    try {
      do {
        Thread.sleep(LOOKED_AT_EVERY);
        write(next(false));
      } while (isWriting());
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void write(List<Consumer<String>> lines) {
    lines.forEach(line -> Endurance.outlive(() -> line.accept(LineLimit.note(takeKeptBack())), _ -> {}));
  }

  private boolean isWriting() {
    lock.lock();
    try {
      if (waiting.isEmpty()) {
        writer = null;
      }
      return writer != null;
    } finally {
      lock.unlock();
    }
  }

  private List<Consumer<String>> next(boolean all) {
    lock.lock();
    try {
      var next = new ArrayList<Consumer<String>>();
      while (!waiting.isEmpty() && (all || limit.take())) {
        next.add(waiting.remove());
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private long takeKeptBack() {
    lock.lock();
    try {
      long before = keptBack;
      keptBack = 0;
      return before;
    } finally {
      lock.unlock();
    }
  }

  /** Writes all that wait. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (writer != null) {
        writer.interrupt();
      }
    } finally {
      lock.unlock();
    }
    write(next(true));
  }
}
