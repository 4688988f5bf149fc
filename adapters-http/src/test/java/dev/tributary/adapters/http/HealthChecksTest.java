package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.application.Health;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthChecksTest {

  private static final Health WELL = List::of;

  @Test
  void aProcessWhosePartsAllWorkIsReady() {
    try (TestApi api = TestApi.start(WELL, WELL)) {
      assertThat(api.get("/health/live").expect(200).text()).isEqualTo("{\"status\":\"up\"}");
      TestApi.Answer ready = api.get("/health/ready").expect(200);
      assertThat(ready.text()).isEqualTo("{\"status\":\"ready\"}");
      assertThat(ready.header("content-type")).isEqualTo("application/json");
    }
  }

  @Test
  void whatKeepsItFromWorkIsAllSaid() {
    Health store = () -> List.of("the store does not answer", "appendfsync is everysec");
    Health reader = () -> List.of("email-processors reads nothing");
    try (TestApi api = TestApi.start(store, WELL, reader)) {
      api.get("/health/live").expect(200);
      TestApi.Answer ready = api.get("/health/ready").problem(503);
      assertThat(ready.json().get("detail").textValue())
          .contains("the store does not answer", "appendfsync is everysec", "email-processors reads nothing");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/users/u", "/users/u/orders", "/orders/o", "/users", "/orders"})
  void aProcessWithoutIntakeServesHealthAlone(String path) {
    try (TestApi api = TestApi.start(false, Duration.ofSeconds(5), WELL)) {
      api.get("/health/live").expect(200);
      api.get("/health/ready").expect(200);
      api.get(path).problem(404);
      api.post(path, "{}").problem(404);
    }
  }
}
