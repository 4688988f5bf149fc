package dev.tributary.architecture.broken.adapters.redis;

import io.javalin.Javalin;
import io.lettuce.core.api.sync.RedisCommands;

/** Public without being the door, acknowledges by itself, runs Lua by itself, and knows another adapter's library. */
public record OpenToAll(RedisCommands<String, String> redis, Javalin javalin) {

  public long acknowledge() {
    redis.scriptLoad("return 1");
    return redis.xack("stream", "group", "1-1");
  }
}
