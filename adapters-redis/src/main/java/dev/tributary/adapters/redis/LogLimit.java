package dev.tributary.adapters.redis;

import dev.tributary.application.LineLimit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/** Writes to a log, but no kind of line more often than it bears, so that a flood of one kind hides none of the others. For all threads. */
final class LogLimit {

  /** By the format: each is a kind of line, and there are as many as the code has. */
  private final Map<String, LineLimit> limits = new ConcurrentHashMap<>();

  /** @param format a constant, as SLF4J has it, here and below */
  void info(Logger log, String format, Object... arguments) {
    of(format).write(keptBack -> log.info("{}{}", line(format, arguments), keptBack));
  }

  void warn(Logger log, String format, Object... arguments) {
    of(format).write(keptBack -> log.warn("{}{}", line(format, arguments), keptBack));
  }

  void error(Logger log, Throwable failure, String format, Object... arguments) {
    of(format).write(keptBack -> log.error("{}{}", line(format, arguments), keptBack, failure));
  }

  private LineLimit of(String format) {
    return limits.computeIfAbsent(format, _ -> new LineLimit());
  }

  private static String line(String format, Object... arguments) {
    return MessageFormatter.basicArrayFormat(format, arguments);
  }
}
