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
import dev.tributary.domain.order.OrderEvent;
import io.javalin.Javalin;
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
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server. Each request runs on a virtual thread of its own. */
public final class HttpApi implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpApi.class);
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final float NANOS_A_MILLI = 1_000_000;
  /** Of the store's failures. */
  static final int LINES_A_SECOND = 1;
  private static final Duration GRACE = Duration.ofSeconds(3);
  /** Of a body that nobody reads, in bytes: 1 MiB. */
  private static final int MOST_SKIPPED = 1024 * 1024;

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
      new ServerConfig(settings, grace).apply(config);
      config.jetty.modifyServletContextHandler(new TracedRequests(tracing)::addTo);
      config.requestLogger.http((ctx, millis) -> tell(requests, ctx, millis));
      config.routes.before(ctx -> SecurityHeaders.ALL.forEach(ctx::header));
      settings.limits().ratePerSecond().ifPresent(rate -> limit(config.routes, new RateLimit(rate, System::nanoTime)));
      config.routes.after(HttpApi::skipRest);
      answerFailures(config);
      new HealthChecks(parts).addTo(config.routes);
      get(config.routes, "/metrics",
          access.guard(ctx -> ctx.contentType(METRICS_TYPE).result(metrics.get().getBytes(StandardCharsets.UTF_8))));
      if (settings.intake()) {
        var audit = new Audit(messaging.auditLog());
        new OpsApi(messaging, access, audit).addTo(config.routes);
        new OpsLives(messaging, queries, access).addTo(config.routes);
        new OpsPage(access, audit).addTo(config.routes);
        live.addTo(config.routes);
        new ApiDocs().addTo(config.routes);
        new Users(registerUser, queries).addTo(config.routes);
        new Orders(placeOrder, queries, backlog()).addTo(config.routes);
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
      server.start();
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

  /** Each method and path that is declared, such as {@code GET /users/{id}}. */
  Set<String> routes() {
    return server.unsafe.internalRouter.allHttpHandlers()
        .stream()
        .map(route -> route.endpoint)
        .filter(endpoint -> endpoint.method.isHttpMethod())
        .map(endpoint -> endpoint.method.name() + " " + endpoint.path)
        .collect(Collectors.toCollection(TreeSet::new));
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
      log.warn("The server did not stop cleanly: requests still in flight after {} ms were cut off", grace.toMillis());
    }
  }

  private static void limit(RoutesConfig routes, RateLimit rate) {
    routes.before(ctx -> {
      if (!ctx.path().startsWith("/health/")) {
        rate.require(ctx.ip());
      }
    });
  }

  private Optional<Backlog> backlog() {
    OptionalLong most = settings.limits().backlog();
    return most.isPresent()
        ? Optional.of(new Backlog(samples, OrderEvent.TOPIC.name(), most.getAsLong()))
        : Optional.empty();
  }

  /**
   * A connection that is closed with a body unread may lose the answer on its way, so most clients that were refused are heard out. While the
   * server closes there is no time for it.
   */
  private static void skipRest(Context ctx) {
    if (ctx.header(Header.EXPECT) == null && !ClosingConnector.isClosing(ctx)) {
      try {
        ctx.bodyInputStream().skip(MOST_SKIPPED);
      } catch (IOException e) {
        log.debug("The rest of a body can't be read", e);
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
    var limit = new LineLimit(LINES_A_SECOND);
    config.routes.exception(ProblemException.class, (e, ctx) -> e.problem().answer(ctx.res()));
    config.routes.exception(StoreUnavailableException.class, (e, ctx) -> {
      limit.write(keptBack -> log.warn("{} {}: the store is unavailable: {}{}", ctx.method(), ctx.path(),
          e.getMessage(), keptBack));
      Problem.unavailable("The store does not answer. Try again.").answer(ctx.res());
    });
    config.routes.exception(MethodNotAllowedResponse.class,
        (e, ctx) -> Problem.methodNotAllowed(String.join(", ", e.getDetails().values())).answer(ctx.res()));
    config.routes.exception(HttpResponseException.class, (e, ctx) -> Problem.of(e.getStatus()).answer(ctx.res()));
    config.routes.exception(Exception.class, (e, ctx) -> {
      log.error("{} {} failed", ctx.method(), ctx.path(), e);
      Problem.of(500).answer(ctx.res());
    });
    config.router.javaLangErrorHandler((response, error) -> {
      log.error("A request failed", error);
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
    return root instanceof UnresolvedAddressException
        ? "this name has no address"
        : Objects.requireNonNullElse(root.getMessage(), "the system does not say why");
  }
}
