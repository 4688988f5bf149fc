package dev.tributary.adapters.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * So many requests a second of each client, a second's worth at once. For each it keeps when its requests so far would have been due at that rate
 * (the generic cell rate algorithm): whoever is more than a second ahead has to wait. For all threads.
 */
final class RateLimit {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final int IPV6_NETWORK = 8;
  /** Clients that are forgotten together, once all they did is a second old. */
  private static final int SWEPT_FROM = 10_000;

  private final long interval;
  private final LongSupplier nanoTime;
  private final Map<String, AtomicLong> dueAt = new ConcurrentHashMap<>();

  /**
   * @param perSecond at least 1
   * @param nanoTime as {@link System#nanoTime()}
   */
  RateLimit(int perSecond, LongSupplier nanoTime) {
    this.interval = SECOND / perSecond;
    this.nanoTime = nanoTime;
  }

  /** @throws ProblemException 429 if the client is ahead of its rate; that request is not counted */
  void require(String address) {
    long now = nanoTime.getAsLong();
    if (dueAt.size() >= SWEPT_FROM) {
      dueAt.values().removeIf(due -> due.get() - now < 0);
    }
    AtomicLong due = dueAt.computeIfAbsent(client(address), _ -> new AtomicLong(now));
    long next = due.updateAndGet(before -> later(before, now));
    if (next - now > SECOND) {
      due.addAndGet(-interval);
      throw new ProblemException(Problem.tooMany("Too many requests from this address.", 1));
    }
  }

  /** How many clients are remembered. */
  int remembered() {
    return dueAt.size();
  }

  private long later(long before, long now) {
    return (before - now < 0 ? now : before) + interval;
  }

  /** Whoever has one address of IPv6 has its whole /64. */
  private static String client(String address) {
    try {
      return InetAddress.ofLiteral(address) instanceof Inet6Address ipv6
          ? HexFormat.of().formatHex(ipv6.getAddress(), 0, IPV6_NETWORK)
          : address;
    } catch (IllegalArgumentException _) {
      return address;
    }
  }
}
