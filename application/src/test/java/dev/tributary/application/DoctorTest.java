package dev.tributary.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.ConsumerStatus.Kind;
import dev.tributary.domain.messaging.EntryId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoctorTest {

  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_000L);
  private static final ConsumerStatus ALIVE = new ConsumerStatus("alive", 1, Duration.ofSeconds(1), Kind.OURS);

  @Test
  void a_healthy_store_has_no_findings() {
    assertThat(examine(health(), stream(1_799_999_999_999L, group("payment-processors"), group("shipping-processors"))))
        .isEmpty();
  }

  @Test
  void a_store_that_is_away_is_all_there_is_to_say() {
    assertThat(examine(health("Redis cannot be reached"))).singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("cannot be reached"));
  }

  @Test
  void a_group_that_has_never_started_is_told_of() {
    assertThat(whats(stream(0, group("payment-processors"))))
        .containsExactly("shipping-processors on order-events has never started");
  }

  @Test
  void a_stranger_is_told_of_with_its_lag() {
    assertThat(whats(stream(0, group("payment-processors"), group("shipping-processors"), group("audit"))))
        .singleElement()
        .asString()
        .startsWith("audit on order-events is not a group of this product");
  }

  @Test
  void what_is_stuck_unread_dead_or_left_behind_is_told_of() {
    var unread = new GroupStatus("payment-processors", 3, 2, 0, 4, Duration.ofHours(1), List.of());
    var stuck = new GroupStatus("shipping-processors", 0, 1, 1, 0, Duration.ofMinutes(6),
        List.of(ALIVE, new ConsumerStatus("gone", 7, Duration.ofMinutes(20), Kind.OURS)));
    assertThat(whats(stream(0, unread, stuck))).satisfiesExactly(
        what -> assertThat(what).contains("payment-processors", "nobody reads it", "5 entries"),
        what -> assertThat(what).contains("payment-processors", "4 dead letters"),
        what -> assertThat(what).contains("shipping-processors", "360 s"),
        what -> assertThat(what).contains("consumer gone", "20 min", "7 deliveries"));
  }

  @Test
  void a_group_whose_consumers_are_all_silent_is_read_by_nobody() {
    var left = new GroupStatus("payment-processors", 0, 2, 0, 0, Duration.ofSeconds(200),
        List.of(new ConsumerStatus("killed", 2, Duration.ofSeconds(180), Kind.OURS)));
    assertThat(whats(stream(0, left, group("shipping-processors")))).satisfiesExactly(
        what -> assertThat(what).contains("nobody reads it", "2 entries"),
        what -> assertThat(what).contains("consumer killed", "3 min", "2 deliveries"));
  }

  /** Nobody can be silent who is nobody, and nobody reads who is. */
  @Test
  void what_waits_to_be_redriven_is_no_reader() {
    var redriven = new ConsumerStatus("redriven", 9, Duration.ofSeconds(1), Kind.REDRIVEN);
    var left = new GroupStatus("payment-processors", 0, 9, 0, 0, Duration.ofSeconds(200), List.of(redriven));
    assertThat(whats(stream(0, left, group("shipping-processors")))).singleElement()
        .asString()
        .contains("nobody reads it", "9 entries");
    var read = new GroupStatus("payment-processors", 0, 9, 0, 0, Duration.ofSeconds(200),
        List.of(ALIVE, new ConsumerStatus("redriven", 9, Duration.ofMinutes(20), Kind.REDRIVEN)));
    assertThat(whats(stream(0, read, group("shipping-processors")))).isEmpty();
  }

  @Test
  void a_consumer_that_is_none_of_ours_is_told_of() {
    var shared = new GroupStatus("payment-processors", 0, 0, 0, 0, Duration.ZERO,
        List.of(ALIVE, new ConsumerStatus("worker-1", 0, Duration.ZERO, Kind.STRANGER)));
    assertThat(whats(stream(0, shared, group("shipping-processors")))).singleElement()
        .asString()
        .contains("payment-processors", "worker-1 is not one of ours");
  }

  @Test
  void an_id_that_is_ahead_of_the_clock_is_told_of() {
    assertThat(whats(stream(NOW.toEpochMilli() + 120_000, group("payment-processors"), group("shipping-processors"))))
        .singleElement()
        .asString()
        .contains("ahead of the clock");
    assertThat(whats(stream(-2, group("payment-processors"), group("shipping-processors")))).hasSize(1);
  }

  @Test
  void a_warning_comes_apart_into_what_and_remedy() {
    var warned = new Health() {
      @Override
      public List<String> problems() {
        return List.of();
      }

      @Override
      public List<String> warnings() {
        return List.of("appendonly is no: it is lost; set appendonly yes");
      }
    };
    assertThat(examine(warned)).containsExactly(
        new Doctor.Finding("appendonly is no: it is lost", "set appendonly yes"));
  }

  private static Health health(String... problems) {
    return () -> List.of(problems);
  }

  private static List<String> whats(StreamStatus stream) {
    return examine(health(), stream).stream().map(Doctor.Finding::what).toList();
  }

  private static List<Doctor.Finding> examine(Health health, StreamStatus... streams) {
    var store = new FakeMessaging(List.of(streams));
    return new Doctor(store, store, store, health, Groups.DECLARED, () -> NOW).examine();
  }

  private static StreamStatus stream(long lastMillis, GroupStatus... groups) {
    return new StreamStatus("order-events", 0, 1, Optional.of(EntryId.START), Optional.of(new EntryId(lastMillis, 0)),
        List.of(groups));
  }

  private static GroupStatus group(String name) {
    return new GroupStatus(name, 0, 0, 0, 0, Duration.ZERO, List.of(ALIVE));
  }
}
