package dev.tributary.adapters.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts off connections whose request takes too long to arrive. The server's own idle timeout starts anew with each byte: whoever sends one now and
 * then would keep a connection for ever. Requests that have arrived may take as long as they like.
 */
final class SlowRequests extends AbstractLifeCycle {

  private static final Logger log = LoggerFactory.getLogger(SlowRequests.class);
  private static final int LOOKS = 10;

  private final ClosingConnector connector;
  private final HttpSettings.Limits limits;
  private final Thread thread = Thread.ofVirtual().name("tributary slow requests").unstarted(this::runOn);
  private Map<EndPoint, Arrival> arrivals = new HashMap<>();

  /**
   * The request that a connection waits for, or whose head it has.
   *
   * @param number of heads before
   * @param inBody whether its head is there
   * @param bytes that had come in: of the body at the last look, of the head while nothing of it was there
   * @param since when it was first seen, as {@link System#nanoTime()}; of a head, when something of it was
   */
  private record Arrival(long number, boolean inBody, long bytes, long since) {}

  SlowRequests(ClosingConnector connector, HttpSettings.Limits limits) {
    this.connector = connector;
    this.limits = limits;
  }

  @Override
  protected void doStart() {
    thread.start();
  }

  private void runOn() {
    try {
      while (true) {
        Thread.sleep(limits.headTime().dividedBy(LOOKS));
        look(System.nanoTime());
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void look(long now) {
    var seen = new HashMap<EndPoint, Arrival>();
    for (EndPoint endPoint : connector.getConnectedEndPoints()) {
      Connection connection = endPoint.getConnection();
      if (connection != null) {
        seen.put(endPoint, look(endPoint, connection, now));
      }
    }
    arrivals = seen;
  }

  private Arrival look(EndPoint endPoint, Connection connection, long now) {
    long number = connection.getMessagesIn();
    long bytes = connection.getBytesIn();
    boolean inBody = connector.isInUse(endPoint);
    Optional<Arrival> before = Optional.ofNullable(arrivals.get(endPoint))
        .filter(known -> known.number() == number && known.inBody() == inBody);
    if (before.isEmpty()) {
      return new Arrival(number, inBody, number == 0 ? 0 : bytes, now);
    }
    boolean hasGrown = bytes > before.get().bytes();
    Duration atMost = inBody ? limits.bodyTime() : limits.headTime();
    if (hasGrown && now - before.get().since() > atMost.toNanos()) {
      log.debug("{} takes too long to say what it wants", endPoint.getRemoteSocketAddress());
      endPoint.close();
    }
    if (inBody) {
      return new Arrival(number, true, bytes, before.get().since());
    }
    return hasGrown ? before.get() : new Arrival(number, false, bytes, now);
  }

  @Override
  protected void doStop() {
    thread.interrupt();
  }
}
