package dev.tributary.adapters.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page at {@code /ops}, its parts, and its login. All of it comes from this jar and its libraries': no other site is asked. */
final class OpsPage {

  private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      + "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  private static final String SCRIPT = "text/javascript";
  private static final String STYLE = "text/css";
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final List<String> SCRIPTS = List.of("ops", "dom", "words", "history", "groups", "flow", "dead",
      "consumers", "life", "log", "care");
  private static final Map<String, Asset> ASSETS = assets();
  /** Where the login says why it is there again. */
  private static final String REFUSED = "<!-- refused -->";

  private final OpsAccess access;
  private final Audit audit;

  private record Asset(String resource, String type) {}

  private static Map<String, Asset> assets() {
    var assets = new HashMap<String, Asset>();
    SCRIPTS.forEach(name -> assets.put(name + ".js", new Asset("/ops/assets/" + name + ".js", SCRIPT)));
    assets.put("ops.css", new Asset("/ops/assets/ops.css", STYLE));
    assets.put("icon.svg", new Asset("/ops/assets/icon.svg", "image/svg+xml"));
    assets.put("uplot.js", new Asset(UPLOT + "uPlot.esm.js", SCRIPT));
    assets.put("uplot.css", new Asset(UPLOT + "uPlot.min.css", STYLE));
    return Map.copyOf(assets);
  }

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
      html(ctx, "/ops/index.html", "");
    } else {
      html(ctx.status(401).header(Header.WWW_AUTHENTICATE, "Bearer"), "/ops/login.html", "");
    }
  }

  /** The parts show nothing of anybody's data: they need no token. */
  private static void asset(Context ctx) {
    Asset asset = Optional.ofNullable(ASSETS.get(ctx.pathParam("name")))
        .orElseThrow(() -> new ProblemException(Problem.notFound("There is no such part.")));
    harden(ctx).contentType(asset.type() + "; charset=utf-8").header(Header.CACHE_CONTROL, "no-cache");
    ctx.result(Resource.read(asset.resource()));
  }

  private void login(Context ctx) {
    if (OpsAccess.isFromAnotherPage(ctx)) {
      throw new ProblemException(Problem.forbidden("This must come from the login page itself."));
    }
    if (access.isToken(ctx, Optional.ofNullable(ctx.formParam("token")).orElse(""))) {
      access.open(ctx);
      audit.note(ctx.ip() + " by token", "login", "", "for 12 hours");
      ctx.status(303).header(Header.LOCATION, "/ops");
    } else {
      html(ctx.status(401), "/ops/login.html",
          "<p class=\"notice\" data-state=\"bad\" role=\"alert\">That is not the token.</p>");
    }
  }

  private void logout(Context ctx) {
    access.close(ctx);
    ctx.status(303).header(Header.LOCATION, "/ops");
  }

  private static void html(Context ctx, String resource, String refused) {
    harden(ctx).contentType("text/html; charset=utf-8").header(Header.CACHE_CONTROL, "no-store");
    ctx.result(new String(Resource.read(resource), StandardCharsets.UTF_8).replace(REFUSED, refused));
  }

  private static Context harden(Context ctx) {
    return ctx.header("Content-Security-Policy", POLICY);
  }
}
