package dev.tributary.faults;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that reach Redis by a network that a test can spoil. */
@Timeout(600)
abstract class BehindAProxy {

  @TempDir
  private Path data;

  World world;
  Proxy proxy;

  @BeforeEach
  void open() throws Exception {
    world = new World(data, Map.of("LEASE", "1s"));
    proxy = new Proxy(world.redis().port());
    world.reachRedisBy(proxy.url());
  }

  @AfterEach
  void close() throws Exception {
    world.close();
    proxy.close();
  }
}
