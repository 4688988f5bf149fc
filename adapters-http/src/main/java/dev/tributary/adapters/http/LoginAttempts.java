package dev.tributary.adapters.http;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Lets an address fail {@value #MOST} times a minute. Remembers the last {@value #REMEMBERED} addresses that failed. For all threads. */
final class LoginAttempts {

  private static final int MOST = 10;
  private static final int REMEMBERED = 1000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Failures> byAddress = new LinkedHashMap<>();

  private record Failures(long since, int count) {}

  LoginAttempts(InstantSource clock) {
    this.clock = clock;
  }

  /** @throws ProblemException 429 after too many */
  void requireFew(String address) {
    if (of(address).count() >= MOST) {
      throw new ProblemException(Problem.tooMany("Too many wrong tokens. Try again later.", WINDOW.toSeconds()));
    }
  }

  void failed(String address) {
    lock.lock();
    try {
      Failures before = of(address);
      byAddress.remove(address);
      byAddress.put(address, new Failures(before.since(), before.count() + 1));
      if (byAddress.size() > REMEMBERED) {
        byAddress.remove(byAddress.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  private Failures of(String address) {
    lock.lock();
    try {
      long now = clock.millis();
      Failures known = byAddress.get(address);
      return known == null || now - known.since() > WINDOW.toMillis() ? new Failures(now, 0) : known;
    } finally {
      lock.unlock();
    }
  }
}
