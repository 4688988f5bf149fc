package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.DeliverySettings;
import dev.tributary.application.Retention;
import dev.tributary.application.StoreUnavailableException;
import dev.tributary.domain.messaging.EntryId;
import dev.tributary.domain.messaging.Partitioning;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PartitionsCheckTest {

  private static final String WORDS = "PARTITIONS is 4, and Redis holds streams of 8: the number is fixed at the first start;"
      + " set PARTITIONS=8, or use another Redis";

  private static final Duration SOON = Duration.ofSeconds(15);

  private final Raw raw = new Raw(TestRedis.shared().url());

  @BeforeEach
  void empty() {
    raw.redis().flushall();
  }

  @AfterEach
  void close() {
    raw.close();
  }

  @Test
  void the_first_start_fixes_the_number_and_the_same_one_starts_again() {
    try (RedisMessaging first = open(8); RedisMessaging second = open(8)) {
      assertThat(first.refusal()).isEmpty();
      assertThat(second.refusal()).isEmpty();
    }
    assertThat(raw.redis().get(Keys.PARTITIONS)).isEqualTo("8");
  }

  @Test
  void another_number_is_refused_before_anything_is_read_or_written() {
    try (RedisMessaging first = open(8); RedisMessaging other = open(4)) {
      assertThat(first.refusal()).isEmpty();
      assertThat(other.refusal()).contains(WORDS);
      await().atMost(SOON)
          .untilAsserted(() -> assertThat(other.health().problems()).contains(WORDS));
      assertThatThrownBy(() -> other.log().read(UserEvent.TOPIC, 0, EntryId.START, 1))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessage(WORDS);
      assertThatThrownBy(() -> other.log().tail(UserEvent.TOPIC, Map.of(0, EntryId.START)))
          .isInstanceOf(StoreUnavailableException.class);
    }
    assertThat(raw.redis().keys("*")).containsExactly(Keys.PARTITIONS);
  }

  @Test
  void streams_from_before_the_number_was_kept_are_one_partition() {
    raw.redis().xadd(Keys.of(UserEvent.TOPIC).stream(), Map.of("event", "{}"));
    try (RedisMessaging several = open(8); RedisMessaging one = open(1)) {
      assertThat(several.refusal()).isPresent();
      assertThat(one.refusal()).isEmpty();
    }
  }

  @Test
  void a_server_that_lost_its_data_is_told_the_number_again() {
    try (RedisMessaging first = open(8)) {
      assertThat(first.refusal()).isEmpty();
      raw.redis().flushall();
      await().atMost(SOON).untilAsserted(() -> assertThat(raw.redis().get(Keys.PARTITIONS)).isEqualTo("8"));
    }
  }

  /** Whoever came first after the loss. */
  @Test
  void a_process_that_runs_is_refused_as_long_as_the_number_is_another() {
    try (RedisMessaging running = open(4)) {
      assertThat(running.refusal()).isEmpty();
      raw.redis().set(Keys.PARTITIONS, "8");
      await().atMost(SOON).untilAsserted(() -> assertThat(running.health().problems()).contains(WORDS));
      await().atMost(SOON)
          .untilAsserted(() -> assertThatThrownBy(() -> running.log().read(UserEvent.TOPIC, 0, EntryId.START, 1))
              .hasMessage(WORDS));
      raw.redis().set(Keys.PARTITIONS, "4");
      await().atMost(SOON).untilAsserted(() -> assertThat(running.health().problems()).isEmpty());
      assertThat(running.log().read(UserEvent.TOPIC, 0, EntryId.START, 1)).isEmpty();
    }
  }

  @Test
  void a_server_that_is_away_refuses_nothing() {
    var settings = new RedisSettings("redis://127.0.0.1:1", DeliverySettings.DEFAULTS, Retention.DEFAULT, 0,
        new Partitioning(8));
    try (RedisMessaging away = RedisMessaging.open(settings)) {
      assertThat(away.refusal()).isEmpty();
    }
  }

  private static RedisMessaging open(int partitions) {
    return RedisMessaging.open(new RedisSettings(TestRedis.shared().productUrl(), DeliverySettings.DEFAULTS,
        Retention.DEFAULT, 0, new Partitioning(partitions)));
  }
}
