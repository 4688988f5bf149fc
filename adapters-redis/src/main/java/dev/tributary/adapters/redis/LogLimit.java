package dev.tributary.adapters.redis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;

/** Warns, but {@value #LINES_A_SECOND} times a second at most, and says how many lines it kept back: a flood of failures must not drown the log. */
final class LogLimit {

  static final int LINES_A_SECOND = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private long second;
  private int lines;
  private long keptBack;

  /** @param format as SLF4J has it */
  void warn(Logger log, String format, Object... arguments) {
    long before = admit(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()));
    if (before >= 0) {
      log.warn(format, arguments);
    }
    if (before > 0) {
      log.warn("{} further lines were kept back before", before);
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
