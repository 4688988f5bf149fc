package dev.tributary.adapters.http;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * When it closes, a request whose body is still on its way has nearly all of the grace to bring it, whenever its last byte came. Jetty itself would
 * count from that byte, and give such a request no longer than a connection that nobody uses.
 */
final class ClosingConnector extends ServerConnector {

  private static final Duration UNUSED = Duration.ofSeconds(1);
  /** Of the grace, in percent: what is left is for the answer. */
  private static final int FOR_BODIES = 90;

  private final Duration grace;
  /** Messages in and out don't tell: a 100 (Continue) counts as one. */
  private final Set<EndPoint> used = ConcurrentHashMap.newKeySet();

  ClosingConnector(Server server, HttpConfiguration http, Duration grace) {
    super(server, new HttpConnectionFactory(http));
    this.grace = grace;
    setShutdownIdleTimeout(-1);
    http.addCustomizer(this::follow);
  }

  /** Whether a request has begun there, and is not answered yet. */
  boolean isInUse(EndPoint endPoint) {
    return used.contains(endPoint);
  }

  /** Whether the server that has this request takes no more of them. */
  static boolean isClosing(Context ctx) {
    return ServletContextRequest.getServletContextRequest(ctx.req())
        .getConnectionMetaData()
        .getConnector()
        .isShutdown();
  }

  private Request follow(Request request, HttpFields.Mutable headers) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    used.add(endPoint);
    Request.addCompletionListener(request, _ -> used.remove(endPoint));
    return request;
  }

  @Override
  public CompletableFuture<Void> shutdown() {
    CompletableFuture<Void> done = super.shutdown();
    getConnectedEndPoints().forEach(this::hurry);
    return done;
  }

  private void hurry(EndPoint endPoint) {
    if (isInUse(endPoint) && endPoint instanceof AbstractEndPoint waiting) {
      waiting.notIdle();
      waiting.setIdleTimeout(grace.toMillis() * FOR_BODIES / 100);
    } else {
      endPoint.setIdleTimeout(UNUSED.toMillis());
    }
  }
}
