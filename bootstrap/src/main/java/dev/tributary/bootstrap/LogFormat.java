package dev.tributary.bootstrap;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** How lines of the log look; each is a file that {@code logback.xml} includes. */
enum LogFormat {
  TEXT, JSON;

  /** The property that {@code logback.xml} reads. */
  private static final String PROPERTY = "tributary.log.format";

  /** Before anything logs: what came before would look like text. What libraries tell java.util.logging goes there too. */
  static void begin(Map<String, String> environment) {
    LogFormat format = Optional.ofNullable(environment.get(Setting.LOG_FORMAT.name()))
        .flatMap(text -> of(text.strip()))
        .orElse(TEXT);
    System.setProperty(PROPERTY, format.word());
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  static Optional<LogFormat> of(String word) {
    return Stream.of(values()).filter(format -> format.word().equals(word)).findFirst();
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
