package dev.tributary.adapters.redis;

import dev.tributary.application.LineLimit;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** Writes to a log, but not more often than it bears. */
final class LogLimit {

  private final LineLimit limit;

  LogLimit(int linesASecond) {
    limit = new LineLimit(linesASecond);
  }

  /** @param format as SLF4J has it, here and below */
  void info(Logger log, String format, Object... arguments) {
    limit.write(keptBack -> log.info("{}{}", line(format, arguments), keptBack));
  }

  void warn(Logger log, String format, Object... arguments) {
    limit.write(keptBack -> log.warn("{}{}", line(format, arguments), keptBack));
  }

  void error(Logger log, Throwable failure, String format, Object... arguments) {
    limit.write(keptBack -> log.error("{}{}", line(format, arguments), keptBack, failure));
  }

  private static String line(String format, Object... arguments) {
    return MessageFormatter.basicArrayFormat(format, arguments);
  }
}
