package dev.tributary.adapters.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The page at {@code /ops}, its parts, and its login. All of it comes from this jar and its libraries': no other site is asked. */
final class OpsPage {

  private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      + "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  private static final Map<String, Asset> ASSETS = Map.of(
      "ops.css", new Asset("/ops/assets/ops.css", "text/css"),
      "ops.js", new Asset("/ops/assets/ops.js", "text/javascript"),
      "icon.svg", new Asset("/ops/assets/icon.svg", "image/svg+xml"),
      "uplot.js", new Asset("/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.esm.js", "text/javascript"),
      "uplot.css", new Asset("/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.min.css", "text/css"));

  private final OpsAccess access;
  private final Audit audit;

  private record Asset(String resource, String type) {}

  OpsPage(OpsAccess access, Audit audit) {
    this.access = access;
    this.audit = audit;
  }

  void addTo(RoutesConfig routes) {
    HttpApi.get(routes, "/ops", this::page);
    HttpApi.get(routes, "/ops/assets/{name}", OpsPage::asset);
    routes.post("/ops/login", this::login);
    routes.post("/ops/logout", access.guard(this::logout));
  }

  private void page(Context ctx) {
    if (access.isKnown(ctx)) {
      html(ctx, "/ops/index.html");
    } else {
      html(ctx.status(401).header(Header.WWW_AUTHENTICATE, "Bearer"), "/ops/login.html");
    }
  }

  /** The parts show nothing of anybody's data: they need no token. */
  private static void asset(Context ctx) {
    Asset asset = Optional.ofNullable(ASSETS.get(ctx.pathParam("name")))
        .orElseThrow(() -> new ProblemException(Problem.notFound("There is no such part.")));
    harden(ctx).contentType(asset.type() + "; charset=utf-8").header(Header.CACHE_CONTROL, "no-cache");
    ctx.result(read(asset.resource()));
  }

  private void login(Context ctx) {
    if (!OpsAccess.isFromOurPage(ctx)) {
      throw new ProblemException(Problem.forbidden("This must come from the login page itself."));
    }
    if (access.isToken(ctx, Optional.ofNullable(ctx.formParam("token")).orElse(""))) {
      access.open(ctx);
      audit.note(ctx.ip() + " by token", "login", "", "for 12 hours");
      ctx.status(303).header(Header.LOCATION, "/ops");
    } else {
      html(ctx.status(401), "/ops/login-again.html");
    }
  }

  private void logout(Context ctx) {
    access.close(ctx);
    ctx.status(303).header(Header.LOCATION, "/ops");
  }

  private static void html(Context ctx, String resource) {
    harden(ctx).contentType("text/html; charset=utf-8").header(Header.CACHE_CONTROL, "no-store");
    ctx.result(read(resource));
  }

  private static Context harden(Context ctx) {
    return ctx.header("Content-Security-Policy", POLICY);
  }

  private static byte[] read(String resource) {
    try (InputStream in = OpsPage.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not in this jar or its libraries': " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
