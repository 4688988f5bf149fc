package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.user.UserEvent;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JournalTest {

  private static final int FLOOD = 1000;

  private final Logger logger = (Logger) LoggerFactory.getLogger(Journal.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Journals journals = Journals.to(DeliveryMonitor.NONE);
  private final Journal journal = journals.of(UserEvent.TOPIC, new Group("email-processors"));

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(logged);
  }

  @Test
  void a_flood_of_troubles_hides_no_loss() {
    for (int i = 0; i < FLOOD; i++) {
      journal.cannotRead("Redis cannot be reached", "");
      journal.readsAgain();
    }
    journal.gap("0-0", "");

    assertThat(lines()).filteredOn(line -> line.contains("had vanished from user-events")).hasSize(1);
  }

  @Test
  void all_groups_together_write_no_more_than_the_log_bears() {
    long from = System.nanoTime();
    for (int i = 0; i < FLOOD; i++) {
      Journal one = journals.of(UserEvent.TOPIC, new Group("group-" + i));
      one.cannotRead("Redis cannot be reached", "");
      one.gap("0-0", "");
      one.lost("1-1");
    }
    long seconds = (System.nanoTime() - from) / 1_000_000_000 + 1;

    assertThat(lines()).hasSizeBetween(9, (int) (9 * seconds));
  }

  private List<String> lines() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
