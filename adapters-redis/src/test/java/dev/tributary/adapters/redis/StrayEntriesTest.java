package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.CreateProfile;
import dev.tributary.application.Groups;
import dev.tributary.application.Messaging;
import dev.tributary.application.StreamStatus;
import dev.tributary.application.Versioned;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.LogEntry;
import dev.tributary.domain.messaging.Outcome;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.user.EmailAddress;
import dev.tributary.domain.user.EmailClaim;
import dev.tributary.domain.user.User;
import dev.tributary.domain.user.UserEvent;
import dev.tributary.domain.user.UserId;
import dev.tributary.messaging.contract.Harness;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entries that other producers put into a partition which is not their key's. */
final class StrayEntriesTest {

  private static final Partitioning EIGHT = new Partitioning(8);
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final UserId USER = new UserId("stray-1");
  private static final EmailAddress EMAIL = new EmailAddress("stray@example.com");
  private static final int PROPER = EIGHT.of(USER.value());
  private static final int WRONG = (PROPER + 1) % EIGHT.count();

  private RedisHarness harness;
  private Harness.Node node;
  private final Queue<String> welcomed = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void open() {
    harness = new RedisHarness(EIGHT);
    node = harness.start();
  }

  @AfterEach
  void close() {
    node.close();
    harness.close();
  }

  @Test
  void are_handled_where_they_belong_once_in_every_group() {
    subscribe();
    put(WRONG);
    await().atMost(SOON).untilAsserted(() -> {
      assertThat(harness.unsettled(UserEvent.TOPIC, Groups.USER_PROCESSORS.group())).isZero();
      assertThat(harness.unsettled(UserEvent.TOPIC, Groups.EMAIL_PROCESSORS.group())).isZero();
      assertThat(welcomed).hasSize(1);
    });
    assertThat(node.messaging().unitOfWork().load(User.key(USER)).map(Versioned::state))
        .hasValueSatisfying(user -> assertThat(user.profile()).isPresent());
    assertThat(node.messaging().unitOfWork().load(EmailClaim.key(EMAIL)).map(claim -> claim.state().owner()))
        .contains(USER);
    assertThat(entries(WRONG)).hasSize(1);
    assertThat(entries(PROPER)).extracting(entry -> entry.fields().get("type"))
        .containsExactly("user_created", "user_profile_created");
    assertThat(harness.deadLetters(UserEvent.TOPIC, Groups.USER_PROCESSORS.group())).isZero();
  }

  @Test
  void equal_entry_ids_in_two_partitions_are_two_events() {
    subscribe();
    int other = (PROPER + 2) % EIGHT.count();
    put(WRONG);
    put(other);
    await().atMost(SOON).untilAsserted(() -> {
      assertThat(entries(PROPER)).filteredOn(entry -> "user_created".equals(entry.fields().get("type"))).hasSize(2);
      assertThat(harness.unsettled(UserEvent.TOPIC, Groups.USER_PROCESSORS.group())).isZero();
    });
    assertThat(entries(PROPER)).extracting(entry -> entry.fields().get("type"))
        .containsOnlyOnce("user_profile_created");
  }

  private void subscribe() {
    Messaging messaging = node.messaging();
    messaging.subscriber()
        .subscribe(Groups.USER_PROCESSORS, new CreateProfile(messaging.unitOfWork(), InstantSource.system()));
    messaging.subscriber().subscribe(Groups.EMAIL_PROCESSORS, delivery -> {
      welcomed.add(delivery.event().email().value());
      return Outcome.SETTLED;
    });
  }

  /** Of another producer, too: Redis adds nothing more to that stream, but all that is there can be looked at, and handled. */
  @Test
  void behind_the_greatest_of_all_ids_there_is_nothing() {
    subscribe();
    harness.raw()
        .redis()
        .xadd(Keys.of(UserEvent.TOPIC, WRONG, EIGHT).stream(), new XAddArgs().id(EntryId.GREATEST.toString()),
            Map.of("event", "{]"));
    await().atMost(SOON).untilAsserted(() -> {
      assertThat(node.messaging()
          .deadLetters()
          .list(UserEvent.TOPIC, WRONG, Groups.EMAIL_PROCESSORS.group(), EntryId.START, 10)).hasSize(1);
      assertThat(node.messaging().operations().streams())
          .filteredOn(stream -> stream.stream().equals("user-events") && stream.partition() == WRONG)
          .flatExtracting(StreamStatus::groups)
          .hasSize(2)
          .allMatch(group -> group.lag() == 0 && group.pending() == 0);
    });
    assertThat(entries(WRONG)).hasSize(1);
    assertThat(node.messaging().log().read(UserEvent.TOPIC, WRONG, EntryId.GREATEST, 10)).isEmpty();
    assertThat(node.messaging()
        .operations()
        .pending(UserEvent.TOPIC, WRONG, Groups.EMAIL_PROCESSORS.group(), EntryId.GREATEST, 10)).isEmpty();
    assertThat(node.messaging().auditLog().read(EntryId.GREATEST, 10)).isEmpty();
  }

  /** Always under the same id. */
  private void put(int partition) {
    harness.raw()
        .redis()
        .xadd(Keys.of(UserEvent.TOPIC, partition, EIGHT).stream(),
            new XAddArgs().id("1700000000000-0"),
            Map.of("type", "user_created", "userId", USER.value(), "email", EMAIL.value(), "timestamp",
                "1700000000000"));
  }

  private List<LogEntry> entries(int partition) {
    return node.messaging().log().read(UserEvent.TOPIC, partition, EntryId.START, 200);
  }
}
