package dev.tributary.adapters.redis;

import dev.tributary.application.LineLimit;
import org.slf4j.Logger;

/** Warns, but not more often than a log bears. */
final class LogLimit {

  private final LineLimit limit = new LineLimit();

  /** @param format as SLF4J has it */
  void warn(Logger log, String format, Object... arguments) {
    limit.write(keptBack -> {
      log.warn(format, arguments);
      if (keptBack > 0) {
        log.warn("{} further lines were kept back before", keptBack);
      }
    });
  }
}
