package dev.tributary.adapters.http;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets an address fail {@value #MOST} times a minute. Remembers the last {@value #REMEMBERED} addresses that failed. For all threads. */
final class LoginAttempts {

  private static final Logger log = LoggerFactory.getLogger(LoginAttempts.class);
  private static final int MOST = 100;
  private static final int REMEMBERED = 1000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Failures> byAddress = new LinkedHashMap<>();

  private record Failures(long since, int count) {}

  LoginAttempts(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * One guess at a time, so that many at once are counted too.
   *
   * @throws ProblemException 429 after too many wrong ones; then this one is not looked at
   */
  boolean check(String address, BooleanSupplier isRight) {
    lock.lock();
    try {
      Failures before = of(address);
      if (before.count() >= MOST) {
        throw new ProblemException(Problem.tooMany("Too many wrong tokens. Try again later.", WINDOW.toSeconds()));
      }
      boolean right = isRight.getAsBoolean();
      if (!right) {
        failed(address, before);
      }
      return right;
    } finally {
      lock.unlock();
    }
  }

  private void failed(String address, Failures before) {
    if (before.count() == 0) {
      log.warn("{} sent a wrong token", address);
    } else if (before.count() == MOST - 1) {
      log.warn("{} sent {} wrong tokens within a minute, and has to wait", address, MOST);
    }
    byAddress.remove(address);
    byAddress.put(address, new Failures(before.since(), before.count() + 1));
    if (byAddress.size() > REMEMBERED) {
      byAddress.remove(byAddress.keySet().iterator().next());
    }
  }

  private Failures of(String address) {
    long now = clock.millis();
    Failures known = byAddress.get(address);
    return known == null || now - known.since() > WINDOW.toMillis() ? new Failures(now, 0) : known;
  }
}
