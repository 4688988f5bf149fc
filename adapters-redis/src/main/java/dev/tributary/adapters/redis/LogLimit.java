package dev.tributary.adapters.redis;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Writes to a log, but not more often than it bears.
 *
 * @param limit gives each line to be written what it says of those that were kept back
 */
record LogLimit(Consumer<Consumer<String>> limit) {

  /** @param format as SLF4J has it, here and below */
  void info(Logger log, String format, Object... arguments) {
    limit.accept(keptBack -> log.info("{}{}", line(format, arguments), keptBack));
  }

  void warn(Logger log, String format, Object... arguments) {
    limit.accept(keptBack -> log.warn("{}{}", line(format, arguments), keptBack));
  }

  void error(Logger log, Throwable failure, String format, Object... arguments) {
    limit.accept(keptBack -> log.error("{}{}", line(format, arguments), keptBack, failure));
  }

  private static String line(String format, Object... arguments) {
    return MessageFormatter.basicArrayFormat(format, arguments);
  }
}
