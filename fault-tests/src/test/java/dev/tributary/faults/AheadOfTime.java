package dev.tributary.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the JVM can know before it starts, made once in each test process: processes that are killed all the time start in less than half the time. */
final class AheadOfTime {

  private static final int TRAINED_WITHIN_SECONDS = 60;
  private static final Optional<Path> CACHE = train();

  private AheadOfTime() {}

  /** @return empty where it could not be made; processes then start as ever */
  static Optional<Path> cache() {
    return CACHE;
  }

  private static Optional<Path> train() {
    Path cache = Path.of("target", "tributary-" + ProcessHandle.current().pid() + ".aot").toAbsolutePath();
    cache.toFile().deleteOnExit();
    var options = new ArrayList<>(AppProcess.OPTIONS);
    options.add("-XX:AOTCacheOutput=" + cache);
    try (AppProcess training = AppProcess.start(Map.of("MESSAGING", "memory"), options, List.of());
        var shop = new Shop()) {
      var _ = shop.order(training.url(), shop.register(training.url(), "ada@example.com").id());
      training.terminate(TRAINED_WITHIN_SECONDS);
      return Files.exists(cache) ? Optional.of(cache) : Optional.empty();
    } catch (Exception e) {
      throw new IllegalStateException("a plain start in memory failed", e);
    }
  }
}
