package dev.tributary.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.application.StoreUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracedRequestsTest {

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final TestApi api = TestApi.start();

  @AfterEach
  void closes() {
    api.close();
  }

  @Test
  void a_request_goes_on_in_the_trace_that_it_came_in() {
    api.send(api.request("/orders/42?x=secret").header("TraceParent", TRACE)).problem(404);
    assertTold("GET " + TRACE, "/orders/{id} 404", "closed");
  }

  @Test
  void a_request_without_one_begins_a_trace() {
    api.register("ada@example.com");
    assertTold("POST begins", "/users 201", "closed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "nonsense", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x"})
  void what_is_no_trace_begins_one(String header) {
    api.send(api.request("/orders/42").header("traceparent", header)).problem(404);
    assertTold("GET begins", "/orders/{id} 404", "closed");
  }

  @Test
  void two_traces_are_none() {
    api.send(api.request("/orders/42").header("traceparent", TRACE).header("traceparent", TRACE)).problem(404);
    assertTold("GET begins", "/orders/{id} 404", "closed");
  }

  @ParameterizedTest
  @CsvSource({"/users,/users 422", "/orders,/orders 422", "/orders/42,none 405", "/orders/no/such/path,none 404"})
  void whatever_comes_of_it_is_told(String path, String answered) {
    api.post(path, "{}");
    assertTold("POST begins", answered, "closed");
  }

  @Test
  void a_failing_store_is_told_as_what_was_answered() {
    api.store.before(() -> {
      throw new StoreUnavailableException("away");
    });
    api.get("/orders/42").problem(503);
    assertTold("GET begins", "/orders/{id} 503", "closed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready", "/metrics", "/ops/streams", "/nowhere", "/usersandmore"})
  void no_events_follow_from_these(String path) {
    api.get(path);
    api.get("/orders/42");
    assertTold("GET begins", "/orders/{id} 404", "closed");
  }

  /** The last of it comes behind the answer. */
  private void assertTold(String... expected) {
    await().untilAsserted(() -> assertThat(api.tracing.told).containsExactly(expected));
  }
}
