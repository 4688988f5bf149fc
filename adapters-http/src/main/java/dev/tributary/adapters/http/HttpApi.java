package dev.tributary.adapters.http;

import dev.tributary.application.Health;
import dev.tributary.application.LineLimit;
import dev.tributary.application.Messaging;
import dev.tributary.application.PlaceOrder;
import dev.tributary.application.Queries;
import dev.tributary.application.RegisterUser;
import dev.tributary.application.RequestMonitor;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.application.Tracing;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.router.Endpoint;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server. Each request runs on a virtual thread of its own. */
public final class HttpApi implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final float NANOS_A_MILLI = 1_000_000;
  private static final Duration GRACE = Duration.ofSeconds(3);
  /** Of a body that nobody reads, in bytes: 1 MiB. */
  private static final int MOST_SKIPPED = 1024 * 1024;
  /** By these Javalin would take one method for another, or answer in its own words. */
  private static final List<String> BYWAYS = List.of(Header.X_HTTP_METHOD_OVERRIDE, Header.SEC_WEBSOCKET_VERSION);

  private final HttpSettings settings;
  private final Duration grace;
  private final Samples samples;
  private final OpsLive live;
  private final Javalin server;

  /**
   * @param messaging what operators look at
   * @param requests is told of every answer
   * @param tracing follows what requests lead to
   * @param metrics gives all metrics in Prometheus's text format
   * @param parts what must work for this process to be ready
   */
  public HttpApi(HttpSettings settings, RegisterUser registerUser, PlaceOrder placeOrder, Queries queries,
      Messaging messaging, RequestMonitor requests, Tracing tracing, Supplier<String> metrics, List<Health> parts) {
    this(settings, GRACE, registerUser, placeOrder, queries, messaging, requests, tracing, metrics, parts);
  }

  /** @param grace how long {@link #close()} waits for requests in flight, to the millisecond */
  HttpApi(HttpSettings settings, Duration grace, RegisterUser registerUser, PlaceOrder placeOrder, Queries queries,
      Messaging messaging, RequestMonitor requests, Tracing tracing, Supplier<String> metrics, List<Health> parts) {
    this.settings = settings;
    this.grace = grace;
    InstantSource clock = InstantSource.system();
    var access = new OpsAccess(settings.opsToken(), clock);
    this.samples = new Samples(messaging.operations(), clock);
    this.live = new OpsLive(messaging, access, samples);
    this.server = Javalin.create(config -> {
      configure(config);
      config.jetty.modifyServletContextHandler(new TracedRequests(tracing)::addTo);
      config.requestLogger.http((ctx, millis) -> tell(requests, ctx, millis));
      config.routes.after(HttpApi::skipRest);
      answerFailures(config);
      new HealthChecks(parts).addTo(config.routes);
      get(config.routes, "/metrics",
          access.guard(ctx -> ctx.contentType(METRICS_TYPE).result(metrics.get().getBytes(StandardCharsets.UTF_8))));
      if (settings.intake()) {
        new OpsApi(messaging, access).addTo(config.routes);
        new OpsLives(messaging, queries, access).addTo(config.routes);
        new OpsPage(access, new LoginAttempts(clock)).addTo(config.routes);
        live.addTo(config.routes);
        new Users(registerUser, queries).addTo(config.routes);
        new Orders(placeOrder, queries).addTo(config.routes);
      }
    });
  }

  /**
   * Returns when the port is open. An instance starts once.
   *
   * @throws UncheckedIOException if it can't listen there, such as on a port in use; its cause's message names the address and the reason
   */
  public void start() {
    try {
      server.start(settings.host(), settings.port());
      if (settings.intake()) {
        samples.start();
      }
    } catch (JavalinException e) {
      throw new UncheckedIOException(
          new IOException("cannot listen on " + settings.host() + ":" + settings.port() + ": " + reason(e), e));
    }
  }

  /** The port that is open: the real one where 0 was asked for. Only between {@link #start()} and {@link #close()}. */
  public int port() {
    return server.port();
  }

  /**
   * Accepts nothing more, waits 3 s at most for requests in flight, and cuts off what is left. A second call does nothing, and so does one
   * without a start.
   */
  @Override
  public void close() {
    live.close();
    samples.close();
    try {
      server.stop();
    } catch (JavalinException e) {
      LOG.warn("The server did not stop cleanly: what was in flight after {} ms is cut off", grace.toMillis());
    }
  }

  private void configure(JavalinConfig config) {
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
    });
    config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(failures));
    config.jetty.modifyHttpConfiguration(HttpApi::harden);
  }

  private static void harden(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setUriCompliance(UriCompliance.RFC3986);
    http.addCustomizer((request, _) -> withoutByways(request));
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

  /** A connection that is closed with a body unread may lose the answer on its way, so most clients that were refused are heard out. */
  private static void skipRest(Context ctx) {
    if (ctx.header(Header.EXPECT) == null) {
      try {
        ctx.bodyInputStream().skip(MOST_SKIPPED);
      } catch (IOException e) {
        LOG.debug("The rest of a body can't be read", e);
      }
    }
  }

  /** By the route as it is declared: paths are as many as there are ids. */
  private static void tell(RequestMonitor requests, Context ctx, float millis) {
    Endpoint matched = ctx.endpoints().matchedHttpEndpoint();
    TracedRequests.route(ctx, Optional.ofNullable(matched));
    String route = matched == null ? "none" : matched.path;
    requests.http(ctx.method().name(), route, ctx.statusCode(), Duration.ofNanos((long) (millis * NANOS_A_MILLI)));
  }

  private static void answerFailures(JavalinConfig config) {
    var limit = new LineLimit();
    config.routes.exception(ProblemException.class, (e, ctx) -> e.problem().answer(ctx.res()));
    config.routes.exception(StoreUnavailableException.class, (e, ctx) -> {
      limit.write(keptBack -> LOG.warn("{} {}: the store is unavailable: {}; {} such lines were kept back before",
          ctx.method(), ctx.path(), e.getMessage(), keptBack));
      Problem.unavailable("The store does not answer. Try again.").answer(ctx.res());
    });
    config.routes.exception(MethodNotAllowedResponse.class,
        (e, ctx) -> Problem.methodNotAllowed(String.join(", ", e.getDetails().values())).answer(ctx.res()));
    config.routes.exception(HttpResponseException.class, (e, ctx) -> Problem.of(e.getStatus()).answer(ctx.res()));
    config.routes.exception(Exception.class, (e, ctx) -> {
      LOG.error("{} {} failed", ctx.method(), ctx.path(), e);
      Problem.of(500).answer(ctx.res());
    });
    config.router.javaLangErrorHandler((response, error) -> {
      LOG.error("A request failed", error);
      Problem.of(500).answer(response);
    });
  }

  /** HEAD must be routed like GET: Javalin's own answer to it is 200 without looking. */
  static void get(RoutesConfig routes, String path, Handler handler) {
    routes.get(path, handler);
    routes.head(path, handler);
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = root.getCause(); cause != null; cause = cause.getCause()) {
      root = cause;
    }
    return Objects.requireNonNullElse(root.getMessage(), root.toString());
  }
}
