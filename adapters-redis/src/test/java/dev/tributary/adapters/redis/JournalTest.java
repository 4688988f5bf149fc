package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tributary.application.DeliveryMonitor;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JournalTest {

  private static final int FLOOD = 1000;
  private static final Joining.Gap GAP = new Joining.Gap("user-events.3", "0-0", "");

  private final Logger logger = (Logger) LoggerFactory.getLogger(Journal.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Journals journals = new Journals(DeliveryMonitor.NONE);
  private final Journal journal = journals.of(UserEvent.TOPIC, new Group("email-processors"));

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void leave() {
    journals.close();
    logger.detachAppender(logged);
  }

  @Test
  void a_flood_of_troubles_hides_no_loss() {
    for (int i = 0; i < FLOOD; i++) {
      journal.cannotRead("Redis cannot be reached", "");
      journal.readsAgain();
    }
    journal.gap(GAP);

    assertThat(lines()).filteredOn(line -> line.contains("had vanished from user-events.3")).hasSize(1);
  }

  @Test
  void what_happens_to_groups_is_written_in_its_time() {
    List<Journal> groups = IntStream.range(0, 4)
        .mapToObj(i -> journals.of(UserEvent.TOPIC, new Group("group-" + i)))
        .toList();
    groups.forEach(group -> group.cannotRead("Redis cannot be reached", ""));
    groups.forEach(Journal::readsAgain);
    groups.forEach(group -> group.gap(GAP));
    groups.forEach(group -> group.lost("1-1"));

    await().atMost(Duration.ofSeconds(30)).until(() -> lines().size() == 16);
    assertThat(lines()).doesNotHaveDuplicates().noneMatch(line -> line.contains("kept back"));
    assertThat(logged.list).allSatisfy(line -> assertThat(within(Duration.ofSeconds(1), line)).isLessThanOrEqualTo(6));
  }

  private long within(Duration span, ILoggingEvent first) {
    long from = first.getTimeStamp();
    return logged.list.stream()
        .filter(line -> line.getTimeStamp() >= from && line.getTimeStamp() < from + span.toMillis())
        .count();
  }

  @Test
  void what_waits_is_written_at_the_end_and_what_was_too_much_is_counted() {
    for (int i = 0; i < FLOOD; i++) {
      journal.readsAgain();
    }
    journals.close();

    assertThat(lines()).hasSizeBetween(103, 150)
        .anyMatch(line -> line.matches(".*\\(\\d{3} lines were kept back before\\)"));
  }

  private List<String> lines() {
    return List.copyOf(logged.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
