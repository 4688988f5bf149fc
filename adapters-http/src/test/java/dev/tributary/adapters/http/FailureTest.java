package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tributary.application.StoreUnavailableException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FailureTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(HttpApi.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private TestApi api;

  @BeforeEach
  void start() {
    logged.start();
    logger.addAppender(logged);
    logger.setAdditive(false);
    api = TestApi.start();
  }

  @AfterEach
  void stop() {
    api.close();
    logger.detachAppender(logged);
    logger.setAdditive(true);
  }

  @Test
  void anUnavailableStoreIsSaidSoEverywhere() {
    api.store.before(() -> {
      throw new StoreUnavailableException("secret: READONLY You can't write against a read only replica");
    });

    for (TestApi.Answer answer : everyCall()) {
      answer.problem(503);
      assertThat(answer.header("retry-after")).matches("[1-9][0-9]*");
      assertThat(answer.text()).doesNotContain("READONLY");
    }
    // One line each, as far as the log bears it in one second.
    assertThat(logged.list).hasSizeBetween(HttpApi.LINES_A_SECOND, 5)
        .allMatch(event -> event.getLevel() == Level.WARN);
  }

  @Test
  void aDefectIsLoggedAndNotTold() {
    api.store.before(() -> {
      throw new IllegalStateException("secret");
    });

    for (TestApi.Answer answer : everyCall()) {
      answer.problem(500);
    }
    assertThat(logged.list).hasSize(5)
        .allMatch(
            event -> event.getLevel() == Level.ERROR && event.getThrowableProxy().getMessage().equals("secret"));
  }

  @Test
  void anErrorIsLoggedAndNotTold() {
    api.store.before(() -> {
      throw new StackOverflowError("secret");
    });

    for (TestApi.Answer answer : everyCall()) {
      answer.problem(500);
    }
    assertThat(logged.list).hasSize(5).allMatch(event -> event.getLevel() == Level.ERROR);
  }

  /** A rule that is broken inside is a defect, not the client's fault. */
  @Test
  void anIllegalArgumentInsideIsADefect() {
    api.store.before(() -> {
      throw new IllegalArgumentException("secret");
    });

    for (TestApi.Answer answer : everyCall()) {
      answer.problem(500);
    }
  }

  @Test
  void requestsRunOnVirtualThreads() {
    var virtual = new AtomicBoolean();
    api.store.before(() -> virtual.set(Thread.currentThread().isVirtual()));

    api.get("/users/nobody").problem(404);

    assertThat(virtual).isTrue();
  }

  private List<TestApi.Answer> everyCall() {
    String order = """
        {"userId":"u","currency":"EUR","items":[{"sku":"A","quantity":1,"unitPrice":"1"}]}""";
    return List.of(api.post("/users", "{\"email\":\"a@example.com\"}"), api.get("/users/u"),
        api.get("/users/u/orders"), api.post("/orders", order), api.get("/orders/o"));
  }
}
