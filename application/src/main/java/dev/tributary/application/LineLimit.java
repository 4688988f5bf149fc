package dev.tributary.application;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Lets so many lines into a log within any second, and counts the others: a flood of failures must not drown it. For all threads. */
public final class LineLimit {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();
  /** When the latest lines were written: the next one takes the place of the oldest of them. */
  private final long[] latest;
  private long lines;
  private long keptBack;

  /** @param linesASecond at least 1 */
  public LineLimit(int linesASecond) {
    latest = new long[linesASecond];
  }

  /** @param line writes it, unless there are too many; it ends with the words it is given, of those that were kept back, which may be empty */
  public void write(Consumer<String> line) {
    long before = admit(System.nanoTime());
    if (before >= 0) {
      line.accept(note(before));
    }
  }

  /** @return of lines that were kept back, what the next one says of them; empty for none */
  public static String note(long keptBack) {
    return keptBack == 0 ? "" : " (" + keptBack + " lines were kept back before)";
  }

  /** @return whether a line may be written now; then it is to be */
  public boolean take() {
    lock.lock();
    try {
      return take(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  private boolean take(long now) {
    int oldest = (int) (lines % latest.length);
    if (lines >= latest.length && now - latest[oldest] < SECOND) {
      return false;
    }
    latest[oldest] = now;
    lines++;
    return true;
  }

  /**
   * @param now in nanoseconds
   * @return how many lines were kept back since the last; negative if this one is to be kept back too
   */
  long admit(long now) {
    lock.lock();
    try {
      if (!take(now)) {
        keptBack++;
        return -1;
      }
      long before = keptBack;
      keptBack = 0;
      return before;
    } finally {
      lock.unlock();
    }
  }
}
