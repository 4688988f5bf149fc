package dev.tributary.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * What one writes in an hour with the same libraries: a user is a hash and an entry of a stream, sent together and not atomically; nothing is
 * checked, no request can be repeated, nobody consumes.
 */
final class BareServer {

  private static final int CREATED = 201;

  private BareServer() {}

  public static void main(String... arguments) {
    RedisAsyncCommands<String, String> redis = RedisClient.create(System.getenv("REDIS_URL")).connect().async();
    Javalin server = Javalin.create(config -> {
      config.concurrency.useVirtualThreads = true;
      config.startup.showJavalinBanner = false;
      config.routes.post("/users", ctx -> register(ctx, redis));
      config.routes.get("/health/ready", ctx -> ctx.result(redis.ping().get()));
    });
    server.start("127.0.0.1", 0);
    Main.say("  health     http://127.0.0.1:" + server.port() + "/health/ready");
  }

  private static void register(Context ctx, RedisAsyncCommands<String, String> redis) {
    var user = (ObjectNode) Wire.tree(ctx.body());
    String id = UUID.randomUUID().toString();
    user.put("id", id).put("createdAt", System.currentTimeMillis());
    LettuceFutures.awaitAll(Duration.ofSeconds(3), redis.hset("user:" + id, Map.of("s", user.toString())),
        redis.xadd(Wire.USERS, Map.of("type", "user_created", "event", user.toString())));
    ctx.status(CREATED).contentType("application/json").result(user.toString());
  }
}
