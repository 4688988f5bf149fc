package dev.tributary.adapters.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.Header;

/** The ways to answer when all went well. */
final class Answers {

  private Answers() {}

  static void ok(Context ctx, JsonNode json) {
    ctx.contentType(Json.TYPE).result(Json.bytes(json));
  }

  /** @param location the path of what was made */
  static void created(Context ctx, String location, JsonNode json) {
    ok(ctx.status(201).header(Header.LOCATION, location), json);
  }
}
