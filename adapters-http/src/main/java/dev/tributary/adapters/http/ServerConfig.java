package dev.tributary.adapters.http;

import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Header;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;

/**
 * How the server below the routes is set up: what it lets in, and how long it waits for whom.
 *
 * @param grace how long a stop waits for requests in flight, to the millisecond
 */
record ServerConfig(HttpSettings settings, Duration grace) {

  /** Connections that wait to be accepted. With the system's 50, a crowd that comes at once is partly turned away. */
  private static final int MOST_WAITING = 1024;
  /** By these Javalin would take one method for another, or answer in its own words. */
  private static final List<String> BYWAYS = List.of(Header.X_HTTP_METHOD_OVERRIDE, Header.SEC_WEBSOCKET_VERSION);

  void apply(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.router.ignoreTrailingSlashes = false;
    config.http.prefer405over404 = true;
    config.http.defaultContentType = Json.TYPE;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    var failures = new ServerFailures();
    config.jetty.modifyServer(jetty -> {
      jetty.setStopTimeout(grace.toMillis());
      jetty.setErrorHandler(failures);
      // It would cut what is idle for a second: a client of a busy server is not at fault.
      jetty.removeBean(jetty.getBean(LowResourceMonitor.class));
    });
    config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(failures));
    config.jetty.modifyHttpConfiguration(this::harden);
    config.jetty.addConnector(this::connector);
  }

  private ClosingConnector connector(Server jetty, HttpConfiguration http) {
    var connector = new ClosingConnector(jetty, http, grace);
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(MOST_WAITING);
    connector.setIdleTimeout(settings.limits().idleTime().toMillis());
    connector.addBean(new SlowRequests(connector, settings.limits()));
    jetty.addBean(new NetworkConnectionLimit(settings.limits().connections(), connector));
    return connector;
  }

  private void harden(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setUriCompliance(UriCompliance.RFC3986);
    http.addCustomizer((request, _) -> withoutByways(request));
    http.addCustomizer(TrustedProxies.of(settings.limits().trustedProxies()));
  }

  private static Request withoutByways(Request request) {
    HttpFields given = request.getHeaders();
    if (BYWAYS.stream().noneMatch(given::contains)) {
      return request;
    }
    HttpFields.Mutable kept = HttpFields.build(given);
    BYWAYS.forEach(kept::remove);
    return new Request.Wrapper(request) {
      @Override
      public HttpFields getHeaders() {
        return kept;
      }
    };
  }
}
