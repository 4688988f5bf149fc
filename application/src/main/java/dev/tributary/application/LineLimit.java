package dev.tributary.application;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/** Lets {@value #LINES_A_SECOND} lines a second into a log, and counts the others: a flood of failures must not drown it. For all threads. */
public final class LineLimit {

  public static final int LINES_A_SECOND = 3;

  private final ReentrantLock lock = new ReentrantLock();
  private long second;
  private int lines;
  private long keptBack;

  /** @param line writes it, unless there are too many; it is told how many were kept back since the last one */
  public void write(LongConsumer line) {
    long before = admit(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
    if (before >= 0) {
      line.accept(before);
    }
  }

  /** @return how many lines were kept back since the last; negative if this one is to be kept back too */
  long admit(long now) {
    lock.lock();
    try {
      if (now != second) {
        second = now;
        lines = 0;
      }
      if (++lines > LINES_A_SECOND) {
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
