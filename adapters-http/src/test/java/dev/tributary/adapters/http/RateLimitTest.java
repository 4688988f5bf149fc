package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);
  private final RateLimit limit = new RateLimit(10, now::get);

  @Test
  void aSecondsWorthMayComeAtOnce() {
    assertThat(admitted("a", 20)).isEqualTo(10);
  }

  @Test
  void thenOneMayComeEachTenthOfASecond() {
    admitted("a", 20);
    for (int i = 0; i < 30; i++) {
      now.addAndGet(Duration.ofMillis(100).toNanos());
      assertThat(admitted("a", 3)).isEqualTo(1);
    }
  }

  @Test
  void whoHasBeenQuietHasASecondsWorthAndNoMore() {
    admitted("a", 20);
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(admitted("a", 20)).isEqualTo(10);
  }

  @Test
  void eachAddressCountsForItself() {
    admitted("192.0.2.1", 20);
    assertThat(admitted("192.0.2.2", 20)).isEqualTo(10);
  }

  @Test
  void aNetworkOfIpv6IsOneClient() {
    assertThat(admitted("2001:db8:0:0:1:2:3:4", 6) + admitted("2001:db8:0:0:9:9:9:9", 6)).isEqualTo(10);
    assertThat(admitted("2001:db8:0:1:1:2:3:4", 20)).isEqualTo(10);
  }

  @Test
  void ofManyAtOnceNoMoreAreAdmitted() {
    var admitted = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1000; i++) {
        threads.execute(() -> admitted.addAndGet(admitted("a", 1)));
      }
    }
    assertThat(admitted.get()).isEqualTo(10);
  }

  @Test
  void aCrowdOfAddressesIsForgottenOnceItIsQuiet() {
    for (int i = 0; i < 30_000; i++) {
      now.addAndGet(Duration.ofMillis(1).toNanos());
      int address = i;
      assertThatCode(() -> limit.require("10.0." + address / 256 + "." + address % 256)).doesNotThrowAnyException();
    }
    assertThat(limit.remembered()).isLessThanOrEqualTo(10_001);
  }

  @Test
  void whoComesTooOftenIsToldWhenToComeAgain() {
    try (var api = TestApi.start(limits(5))) {
      for (int i = 0; i < 5; i++) {
        api.get("/users/nobody").problem(404);
      }
      // Slow as it may be here: as many as it takes to get ahead.
      TestApi.Answer answer = api.get("/users/nobody");
      while (answer.response().statusCode() != 429) {
        answer = api.get("/nothing");
      }
      assertThat(answer.problem(429).header("Retry-After")).isEqualTo("1");
      api.get("/health/live").expect(200);
    }
  }

  private int admitted(String address, int times) {
    int admitted = 0;
    for (int i = 0; i < times; i++) {
      try {
        limit.require(address);
        admitted++;
      } catch (ProblemException e) {
        assertThat(e.problem().status()).isEqualTo(429);
      }
    }
    return admitted;
  }

  private static HttpSettings.Limits limits(int perSecond) {
    return new HttpSettings.Limits(100, OptionalInt.of(perSecond), List.of(), OptionalLong.empty(),
        Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  @Test
  void aRateIsAtLeastOne() {
    assertThatThrownBy(() -> limits(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
