package dev.tributary.adapters.redis;

import dev.tributary.application.LineLimit;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** Writes to a log, but not more often than it bears. */
final class LogLimit {

  private final LineLimit limit = new LineLimit();

  /** @param format as SLF4J has it, here and below */
  void info(Logger log, String format, Object... arguments) {
    limit.write(keptBack -> log.info("{}", line(keptBack, format, arguments)));
  }

  void warn(Logger log, String format, Object... arguments) {
    limit.write(keptBack -> log.warn("{}", line(keptBack, format, arguments)));
  }

  void error(Logger log, Throwable failure, String format, Object... arguments) {
    limit.write(keptBack -> log.error("{}", line(keptBack, format, arguments), failure));
  }

  private static String line(long keptBack, String format, Object... arguments) {
    String words = MessageFormatter.basicArrayFormat(format, arguments);
    return keptBack == 0 ? words : words + " (" + keptBack + " lines were kept back before)";
  }
}
