package dev.tributary.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** What {@code logback.xml} makes of the setting. */
class LogFormatTest {

  private final LoggerContext context = new LoggerContext();

  @AfterEach
  void closes() {
    context.stop();
    MDC.clear();
    LogFormat.begin(Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "text", " text ", "nonsense"})
  void unless_told_otherwise_a_line_is_text(String word) throws Exception {
    assertThat(line(configured(word), "one\r\ntwo", Map.of()))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z WARN  Shop - one two\\R");
  }

  @Test
  void a_line_of_text_says_what_it_is_about() throws Exception {
    assertThat(line(configured("text"), "failed", Map.of("eventId", "e-1", "key", "o-1\nfaked")))
        .matches("\\S+ WARN  Shop - failed \\[(eventId=e-1, key=o-1 faked|key=o-1 faked, eventId=e-1)]\\R");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", " json "})
  void a_line_of_json_is_an_object_with_all_that_it_is_about(String word) throws Exception {
    Map<String, String> about = Map.of("eventId", "e-1", "key", "o-1", "group", "g", "attempt", "2", "traceId", "4bf9");
    String line = line(configured(word), "one\n\"two\" ü", about);
    assertThat(line).endsWith("\n").containsOnlyOnce("\n");
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.get("level").textValue()).isEqualTo("WARN");
    assertThat(json.get("loggerName").textValue()).isEqualTo("dev.tributary.Shop");
    assertThat(json.get("formattedMessage").textValue()).isEqualTo("one\n\"two\" ü");
    assertThat(json.get("timestamp").isIntegralNumber()).isTrue();
    assertThat(json.get("threadName").textValue()).isEqualTo(Thread.currentThread().getName());
    assertThat(json.get("mdc")).isEqualTo(new ObjectMapper().valueToTree(about));
    assertThat(json.get("throwable").get("message").textValue()).isEqualTo("broken");
  }

  private List<Appender<ILoggingEvent>> configured(String word) throws Exception {
    LogFormat.begin(Map.of("LOG_FORMAT", word));
    context.setMDCAdapter(MDC.getMDCAdapter());
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogFormat.class.getResource("/logback.xml"));
    // Logback would print its own troubles among the lines.
    assertThat(context.getStatusManager().getCopyOfStatusList()).extracting(Status::getLevel)
        .containsOnly(Status.INFO);
    var appenders = new ArrayList<Appender<ILoggingEvent>>();
    context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders().forEachRemaining(appenders::add);
    return appenders;
  }

  private String line(List<Appender<ILoggingEvent>> appenders, String message, Map<String, String> about) {
    assertThat(appenders).hasSize(1);
    var logged = new ListAppender<ILoggingEvent>();
    logged.start();
    ch.qos.logback.classic.Logger logger = context.getLogger("dev.tributary.Shop");
    logger.addAppender(logged);
    logger.setAdditive(false);
    MDC.setContextMap(about);
    boolean asJson = ((ConsoleAppender<ILoggingEvent>) appenders.getFirst()).getEncoder() instanceof JsonEncoder;
    if (asJson) {
      logger.warn("{}", message, new IllegalStateException("broken"));
    } else {
      logger.warn("{}", message);
    }
    var console = (ConsoleAppender<ILoggingEvent>) appenders.getFirst();
    return new String(console.getEncoder().encode(logged.list.getFirst()), StandardCharsets.UTF_8);
  }
}
