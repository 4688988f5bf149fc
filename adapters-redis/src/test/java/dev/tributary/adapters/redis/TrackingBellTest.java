package dev.tributary.adapters.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rung by whoever writes. Each waits much longer than a test may take: what does not ring fails. */
final class TrackingBellTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Set<String> STREAMS = Set.of("user-events.0", "user-events.1");

  private final Raw raw = new Raw(TestRedis.shared().url());
  private final Connections connections = new Connections(TestRedis.shared().productUrl());
  private final Bell bell = connections.bell("user-events", STREAMS);

  @BeforeEach
  void listen() throws InterruptedException {
    raw.redis().flushall();
    assertThat(bell.await(LONG)).as("what was written before it listened").isEqualTo(STREAMS);
  }

  @AfterEach
  void close() {
    bell.close();
    connections.close();
    raw.close();
  }

  @Test
  void rings_for_the_stream_that_somebody_appended_to() throws InterruptedException {
    raw.redis().xadd("user-events.1", Map.of("a", "1"));
    assertThat(bell.await(LONG)).containsExactly("user-events.1");
  }

  @Test
  void a_ring_is_not_lost_while_nobody_waits() throws InterruptedException {
    raw.redis().xadd("user-events.0", Map.of("a", "1"));
    raw.redis().xadd("user-events.1", Map.of("a", "1"));
    await().until(() -> raw.redis().ping().equals("PONG"));
    var rung = new HashSet<String>();
    while (rung.size() < 2) {
      rung.addAll(bell.await(LONG));
    }
    assertThat(rung).isEqualTo(STREAMS);
  }

  @Test
  void other_streams_do_not_ring() throws InterruptedException {
    raw.redis().xadd("order-events.0", Map.of("a", "1"));
    raw.redis().xadd("user-events.12", Map.of("a", "1"));
    assertThat(bell.await(Duration.ofMillis(300))).isEmpty();
  }

  @Test
  void anybody_rings_by_hand() throws InterruptedException {
    Thread.startVirtualThread(bell::ring);
    assertThat(bell.await(LONG)).isEmpty();
  }

  @Test
  void everything_rings_when_everything_was_deleted() throws InterruptedException {
    raw.redis().flushall();
    assertThat(bell.await(LONG)).isEqualTo(STREAMS);
  }

  @Test
  void it_listens_again_after_its_connection_was_cut_and_says_once_that_it_was() throws InterruptedException {
    assertThat(bell.lostTouch()).isFalse();
    raw.cutOthers();
    // By the loss, or, where that was noticed before, by listening again.
    await().atMost(Duration.ofSeconds(15))
        .ignoreExceptionsInstanceOf(dev.tributary.application.StoreUnavailableException.class)
        .until(() -> bell.await(LONG).equals(STREAMS));
    assertThat(bell.lostTouch()).isTrue();
    assertThat(bell.lostTouch()).isFalse();
    raw.redis().xadd("user-events.0", Map.of("a", "1"));
    assertThat(bell.await(LONG)).containsExactly("user-events.0");
  }
}
