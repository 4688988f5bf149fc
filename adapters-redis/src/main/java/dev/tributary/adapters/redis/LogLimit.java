package dev.tributary.adapters.redis;

import dev.tributary.application.LineLimit;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** Warns, but not more often than a log bears. */
final class LogLimit {

  private final LineLimit limit = new LineLimit();

  /** @param format as SLF4J has it */
  void warn(Logger log, String format, Object... arguments) {
    limit.write(keptBack -> {
      String words = MessageFormatter.basicArrayFormat(format, arguments);
      log.warn("{}{}", words, keptBack == 0 ? "" : " (" + keptBack + " lines were kept back before)");
    });
  }
}
