package dev.tributary.redisserver;

import java.nio.file.Path;
import java.util.List;

/**
 * @param dataDir where the server keeps its data and its log; made where it is missing; one server at a time
 * @param port 0 takes a free one
 * @param options further options of redis-server, such as {@code --maxmemory 50mb}; they win over ours
 */
public record RedisServerSettings(Path dataDir, int port, List<String> options) {

  public RedisServerSettings {
    dataDir = dataDir.toAbsolutePath().normalize();
    options = List.copyOf(options);
  }

  public static RedisServerSettings in(Path dataDir) {
    return new RedisServerSettings(dataDir, 0, List.of());
  }
}
