package dev.tributary.messaging.contract;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Collects what is logged while it is open. */
final class LogWatch implements AutoCloseable {

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  LogWatch() {
    logged.setContext(root.getLoggerContext());
    logged.start();
    root.addAppender(logged);
  }

  List<String> errors() {
    return List.copyOf(logged.list)
        .stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** @return how many lines were written in the second that had most, without those for debugging */
  long mostInOneSecond() {
    return List.copyOf(logged.list)
        .stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
        .collect(Collectors.groupingBy(event -> event.getTimeStamp() / 1000, Collectors.counting()))
        .values()
        .stream()
        .mapToLong(Long::longValue)
        .max()
        .orElse(0);
  }

  /** What the lines from that level on said of the work that they told of. */
  List<Map<String, String>> contexts(Level atLeast) {
    return List.copyOf(logged.list)
        .stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(atLeast))
        .map(ILoggingEvent::getMDCPropertyMap)
        .toList();
  }

  @Override
  public void close() {
    root.detachAppender(logged);
  }
}
