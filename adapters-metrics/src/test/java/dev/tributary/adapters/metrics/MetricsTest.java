package dev.tributary.adapters.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.DeliveryMonitor;
import dev.tributary.application.DeliveryMonitor.Happening;
import dev.tributary.domain.messaging.Group;
import dev.tributary.domain.messaging.Topic;
import dev.tributary.domain.user.UserEvent;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsTest {

  private static final Topic<UserEvent> TOPIC = new Topic<>("user-events", UserEvent.class);
  private static final Group GROUP = new Group("email-processors");

  private final FakeStore store = FakeStore
      .with(FakeStore.stream("user-events", 1, 9, FakeStore.group("email-processors")));
  private final Metrics metrics = new Metrics(store, store);

  @AfterEach
  void close() {
    metrics.close();
  }

  @ParameterizedTest
  @EnumSource
  void counts_each_outcome_by_itself(Happening what) {
    metrics.happened(what, TOPIC, GROUP, 3);
    metrics.happened(what, TOPIC, GROUP, 2);
    Scrape scrape = Scrape.of(metrics);
    assertThat(scrape.values("tributary_deliveries_total", "stream", "user-events", "group", "email-processors",
        "outcome", what.name().toLowerCase(Locale.ROOT))).containsExactly(5.0);
    assertThat(scrape.values("tributary_deliveries_total").stream().mapToDouble(Double::doubleValue).sum())
        .isEqualTo(5);
  }

  @Test
  void an_expected_group_starts_at_0() {
    metrics.expect(TOPIC, GROUP);
    assertThat(Scrape.of(metrics).values("tributary_deliveries_total", "group", "email-processors"))
        .isEqualTo(Collections.nCopies(Happening.values().length, 0.0));
  }

  @Test
  void groups_are_counted_apart() {
    metrics.happened(Happening.SETTLED, TOPIC, GROUP, 1);
    metrics.happened(Happening.SETTLED, TOPIC, new Group("user-processors"), 2);
    assertThat(Scrape.of(metrics).values("tributary_deliveries_total", "outcome", "settled"))
        .containsExactlyInAnyOrder(1.0, 2.0);
  }

  @Test
  void failures_of_the_store_are_counted_by_their_reason_from_0_on() {
    assertThat(Scrape.of(metrics).values("tributary_store_errors_total", "reason", "out_of_memory"))
        .containsExactly(0.0);
    metrics.storeFailed(DeliveryMonitor.StoreFailure.OUT_OF_MEMORY);
    assertThat(Scrape.of(metrics).values("tributary_store_errors_total", "reason", "out_of_memory"))
        .containsExactly(1.0);
  }

  @Test
  void times_handlers() {
    metrics.handled(TOPIC, GROUP, Duration.ofMillis(6));
    metrics.handled(TOPIC, GROUP, Duration.ofSeconds(90));
    Scrape scrape = Scrape.of(metrics);
    assertThat(scrape.values("tributary_handler_seconds_count", "stream", "user-events", "group", "email-processors"))
        .containsExactly(2.0);
    assertThat(scrape.values("tributary_handler_seconds_sum")).containsExactly(90.006);
    assertThat(scrape.values("tributary_handler_seconds_bucket", "le", "0.005")).containsExactly(0.0);
    assertThat(scrape.values("tributary_handler_seconds_bucket", "le", "0.01")).containsExactly(1.0);
    assertThat(scrape.values("tributary_handler_seconds_bucket", "le", "120.0")).containsExactly(2.0);
    assertThat(scrape.values("tributary_handler_seconds_bucket", "le", "600.0")).containsExactly(2.0);
  }

  @Test
  void times_events_from_end_to_end() {
    metrics.settled(TOPIC, GROUP, Duration.ofMinutes(4));
    Scrape scrape = Scrape.of(metrics);
    assertThat(scrape.values("tributary_end_to_end_seconds_sum", "stream", "user-events", "group", "email-processors"))
        .containsExactly(240.0);
    assertThat(scrape.values("tributary_end_to_end_seconds_bucket", "le", "120.0")).containsExactly(0.0);
    assertThat(scrape.values("tributary_end_to_end_seconds_bucket", "le", "300.0")).containsExactly(1.0);
  }

  @Test
  void an_event_from_the_future_took_no_time() {
    metrics.settled(TOPIC, GROUP, Duration.ofSeconds(-5));
    Scrape scrape = Scrape.of(metrics);
    assertThat(scrape.values("tributary_end_to_end_seconds_count")).containsExactly(1.0);
    assertThat(scrape.values("tributary_end_to_end_seconds_sum")).containsExactly(0.0);
  }

  @Test
  void an_event_from_before_the_calendar_took_a_day() {
    metrics.settled(TOPIC, GROUP, Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(Scrape.of(metrics).values("tributary_end_to_end_seconds_sum")).containsExactly(86_400.0);
  }

  @Test
  void times_requests() {
    metrics.http("GET", "/users/{id}", 200, Duration.ofMillis(20));
    metrics.http("GET", "/users/{id}", 503, Duration.ofSeconds(2));
    Scrape scrape = Scrape.of(metrics);
    assertThat(scrape.values("tributary_http_seconds_sum", "method", "GET", "route", "/users/{id}", "status", "503"))
        .containsExactly(2.0);
    assertThat(scrape.values("tributary_http_seconds_bucket", "status", "200", "le", "0.025")).containsExactly(1.0);
  }

  @Test
  void methods_that_clients_make_up_are_one() {
    metrics.http("BREW", "none", 405, Duration.ofMillis(1));
    metrics.http("STEEP", "none", 405, Duration.ofMillis(1));
    assertThat(Scrape.of(metrics).values("tributary_http_seconds_count", "method", "other")).containsExactly(2.0);
  }

  @Test
  void shows_how_streams_and_groups_are() {
    Scrape scrape = Scrape.of(metrics);
    assertThat(scrape.values("tributary_stream_length", "stream", "user-events", "partition", "1"))
        .containsExactly(9.0);
    assertGauge(scrape, "tributary_group_lag", 7);
    assertGauge(scrape, "tributary_group_pending", 6);
    assertGauge(scrape, "tributary_group_retrying", 5);
    assertGauge(scrape, "tributary_group_dead_letters", 4);
    assertGauge(scrape, "tributary_group_oldest_unsettled_age_seconds", 3.5);
    assertGauge(scrape, "tributary_group_consumers", 2);
    assertThat(scrape.values("tributary_store_up")).containsExactly(1.0);
  }

  private static void assertGauge(Scrape scrape, String name, double value) {
    assertThat(scrape.values(name, "stream", "user-events", "partition", "1", "group", "email-processors")).as(name)
        .containsExactly(value);
  }

  @Test
  void asks_nothing_before_it_is_scraped() {
    assertThat(store.asked()).isZero();
  }

  @Test
  void asks_at_most_once_a_second() {
    Scrape.of(metrics);
    store.hold(FakeStore.stream("user-events", 1, 10));
    store.advance(Duration.ofMillis(999));
    assertThat(Scrape.of(metrics).values("tributary_stream_length")).containsExactly(9.0);
    assertThat(store.asked()).isEqualTo(1);
    store.advance(Duration.ofMillis(1));
    assertThat(Scrape.of(metrics).values("tributary_stream_length")).containsExactly(10.0);
    assertThat(store.asked()).isEqualTo(2);
  }

  @Test
  void who_scrapes_at_the_same_time_asks_once() {
    var together = new CountDownLatch(8);
    try (ExecutorService scrapers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        scrapers.execute(() -> {
          together.countDown();
          await(together);
          Scrape.of(metrics);
        });
      }
    }
    assertThat(store.asked()).isEqualTo(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_has_vanished_is_no_longer_shown() {
    Scrape.of(metrics);
    store.hold(FakeStore.stream("user-events", 1, 9, FakeStore.group("user-processors")));
    store.advance(Duration.ofSeconds(1));
    Scrape scrape = Scrape.of(metrics);
    assertThat(scrape.values("tributary_group_lag", "group", "email-processors")).isEmpty();
    assertThat(scrape.values("tributary_group_lag", "group", "user-processors")).containsExactly(7.0);
  }

  @Test
  void of_a_store_that_is_away_nothing_is_shown_until_it_is_back() {
    Scrape.of(metrics);
    metrics.happened(Happening.FAILED, TOPIC, GROUP, 1);
    store.goAway();
    store.advance(Duration.ofSeconds(1));
    Scrape away = Scrape.of(metrics);
    assertThat(away.values("tributary_store_up")).containsExactly(0.0);
    assertThat(away.names()).doesNotContain("tributary_stream_length", "tributary_group_lag")
        .contains("tributary_deliveries_total", "jvm_memory_used_bytes");

    store.comeBack();
    store.advance(Duration.ofSeconds(1));
    Scrape back = Scrape.of(metrics);
    assertThat(back.values("tributary_store_up")).containsExactly(1.0);
    assertThat(back.values("tributary_group_lag")).containsExactly(7.0);
  }

  @Test
  void a_store_that_is_away_is_asked_no_more_often() {
    store.goAway();
    Scrape.of(metrics);
    Scrape.of(metrics);
    assertThat(store.asked()).isEqualTo(1);
  }

  @Test
  void a_fault_in_asking_hides_nothing_else() {
    store.fail(new IllegalStateException("a fault"));
    Scrape scrape = Scrape.of(metrics);
    assertThat(scrape.values("tributary_store_up")).containsExactly(0.0);
    assertThat(scrape.names()).contains("jvm_memory_used_bytes");
  }

  @Test
  void shows_how_the_jvm_is() {
    assertThat(Scrape.of(metrics).names()).contains("jvm_memory_used_bytes", "jvm_gc_memory_allocated_bytes_total",
        "jvm_threads_live_threads", "process_cpu_usage", "process_uptime_seconds");
  }

  @Test
  void may_be_closed_twice() {
    metrics.close();
  }
}
