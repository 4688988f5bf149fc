package dev.tributary.redisserver;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How to start a server.
 *
 * @param executable empty for the bundled one
 * @param dataDir where the server keeps its data and its log; made where it is missing; one server at a time
 * @param port 0 takes a free one
 * @param options further options of redis-server, such as {@code --maxmemory 50mb}; they win over ours
 */
public record RedisServerSettings(Optional<Path> executable, Path dataDir, int port, List<String> options) {

  public RedisServerSettings {
    dataDir = dataDir.toAbsolutePath().normalize();
    options = List.copyOf(options);
  }

  public static RedisServerSettings in(Path dataDir) {
    return new RedisServerSettings(Optional.empty(), dataDir, 0, List.of());
  }

  public RedisServerSettings onPort(int port) {
    return new RedisServerSettings(executable, dataDir, port, options);
  }

  public RedisServerSettings withOptions(String... options) {
    return new RedisServerSettings(executable, dataDir, port, List.of(options));
  }

  public RedisServerSettings with(Path executable) {
    return new RedisServerSettings(Optional.of(executable), dataDir, port, options);
  }
}
