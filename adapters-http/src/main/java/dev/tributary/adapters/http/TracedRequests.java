package dev.tributary.adapters.http;

import dev.tributary.application.Tracing;
import dev.tributary.domain.messaging.TraceParent;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;

/**
 * A span around each request that events may follow from; around the whole of it, so that what is logged of its failure names the trace too.
 * Health, metrics and what operators look at would only bury these.
 */
record TracedRequests(Tracing tracing) implements Filter {

  private static final List<String> PATHS = List.of("/users/*", "/orders/*");
  private static final String ROUTE = TracedRequests.class.getName();

  void addTo(ServletContextHandler servlets) {
    PATHS.forEach(path -> servlets.addFilter(new FilterHolder(this), path, EnumSet.of(DispatcherType.REQUEST)));
  }

  /** Tells the request's span which route it took; empty where none matched. */
  static void route(Context ctx, Optional<Endpoint> matched) {
    matched.ifPresent(endpoint -> ctx.req().setAttribute(ROUTE, endpoint.path));
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var asked = (HttpServletRequest) request;
    try (Tracing.Span span = tracing.request(asked.getMethod(), from(asked))) {
      chain.doFilter(request, response);
      Optional<String> route = Optional.ofNullable((String) request.getAttribute(ROUTE));
      span.answered(((HttpServletResponse) response).getStatus(), route);
    }
  }

  /** Of two such headers nobody knows which is right. */
  private static Optional<TraceParent> from(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders("traceparent"));
    return headers.size() == 1 ? TraceParent.parse(headers.getFirst()) : Optional.empty();
  }
}
