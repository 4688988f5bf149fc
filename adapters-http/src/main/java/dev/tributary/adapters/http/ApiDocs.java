package dev.tributary.adapters.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.util.Map;
import java.util.Optional;

/**
 * What describes this service: its calls as OpenAPI, its streams as AsyncAPI, and a page that shows the calls. Everybody may read them. All of it
 * comes from this jar and its libraries': no other site is asked.
 */
final class ApiDocs {

  private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
  private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.34.1/";
  private static final Map<String, Asset> ASSETS = Map.of(
      "docs.css", new Asset("/docs/assets/docs.css", "text/css; charset=utf-8"),
      "docs.js", new Asset("/docs/assets/docs.js", "text/javascript; charset=utf-8"),
      "icon.svg", new Asset("/ops/assets/icon.svg", "image/svg+xml; charset=utf-8"),
      "swagger-ui.css", new Asset(SWAGGER_UI + "swagger-ui.css", "text/css; charset=utf-8"),
      "swagger-ui.js", new Asset(SWAGGER_UI + "swagger-ui-bundle.js", "text/javascript; charset=utf-8"));

  private record Asset(String resource, String type) {}

  void addTo(RoutesConfig routes) {
    HttpApi.get(routes, "/openapi.json", ctx -> answer(ctx, new Asset("/docs/openapi.json", Json.TYPE)));
    HttpApi.get(routes, "/asyncapi.json", ctx -> answer(ctx, new Asset("/docs/asyncapi.json", Json.TYPE)));
    HttpApi.get(routes, "/docs", ctx -> answer(ctx, new Asset("/docs/index.html", "text/html; charset=utf-8")));
    HttpApi.get(routes, "/docs/assets/{name}", ApiDocs::asset);
  }

  private static void asset(Context ctx) {
    answer(ctx, Optional.ofNullable(ASSETS.get(ctx.pathParam("name")))
        .orElseThrow(() -> new ProblemException(Problem.notFound("There is no such part."))));
  }

  private static void answer(Context ctx, Asset asset) {
    ctx.header("Content-Security-Policy", POLICY)
        .header(Header.CACHE_CONTROL, "no-cache")
        .contentType(asset.type())
        .result(Resource.read(asset.resource()));
  }
}
